/**
 * Random numbers that do not disturb each other: a stream per purpose, and hashes per pair, so that changing what one machine
 * does leaves every other draw of the world as it was.
 */

/** Mixes integers into 32 well-stirred bits. Source: the finaliser of MurmurHash3 (public domain). */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** 32 bits of a text, to give streams names. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let index = 0; index < text.length; index++) h = Math.imul(h ^ text.charCodeAt(index), 0x01000193)
  return mix(h, text.length)
}

/** A named sequence of draws. */
export class Stream {
  #state: number

  constructor(seed: number, name: string, index = 0) {
    this.#state = mix(mix(seed, hashText(name)), index)
  }

  /** Uniform in (0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4_294_967_296
  }

  /** Exponential with mean 1. */
  exponential(): number {
    return -Math.log(this.next())
  }

  /** Standard normal (Box and Muller). Takes two draws. */
  normal(): number {
    return Math.sqrt(2 * this.exponential()) * Math.cos(2 * Math.PI * this.next())
  }

  /** One of `items` by `weight`. */
  pick<T extends { readonly weight: number }>(items: readonly T[]): T {
    let left = this.next() * items.reduce((sum, item) => sum + item.weight, 0)
    for (const item of items) {
      left -= item.weight
      if (left <= 0) return item
    }
    const last = items.at(-1)
    if (last === undefined) throw new RangeError('expected something to pick from, was an empty list')
    return last
  }
}
