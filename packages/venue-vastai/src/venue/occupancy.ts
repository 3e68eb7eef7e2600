import type { GpuOccupancy } from '../actions/machine-view.ts'

/**
 * Reads `gpu_occupancy`: one letter per GPU, `D` on demand, `R` reserved, `I` interruptible, `x` free.
 *
 * @returns `undefined` when it is hidden (empty) or does not speak of every GPU.
 * @example
 * parseOccupancy('D D x x ', 4) // { onDemand: 2, reserved: 0, interruptible: 0, free: 2 }
 */
export function parseOccupancy(text: string | null | undefined, numGpus: number): GpuOccupancy | undefined {
  if (text === null || text === undefined) return undefined
  const counts = { D: 0, R: 0, I: 0, x: 0 }
  const letters = text.split(' ').filter(letter => letter !== '')
  if (letters.length !== numGpus) return undefined
  for (const letter of letters) {
    if (!(letter in counts)) return undefined
    counts[letter as keyof typeof counts]++
  }
  return { onDemand: counts.D, reserved: counts.R, interruptible: counts.I, free: counts.x }
}
