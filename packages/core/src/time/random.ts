/** A source of randomness that is handed in, so that a run under a seed repeats itself exactly. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
}

/** Random numbers nobody can predict or repeat: the default when live. */
export const systemRandom: Random = { next: () => Math.random() }

/**
 * A small, fast generator with a 32-bit seed. Not for secrets.
 *
 * Source: "mulberry32" by Tommy Ettinger, public domain.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let t = state
      t = Math.imul(t ^ (t >>> 15), t | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
    },
  }
}
