import type { WireComparisons, WireValue } from '../search/wire-filter.ts'

/**
 * Comparisons of `gpu_name` with the names as Vast.ai writes them. A name that means no card would find nothing, which reads like an empty
 * market.
 *
 * @param resolve As `client.gpuNames.resolve`.
 * @throws {InvalidInputError} `UNKNOWN_GPU`, with the nearest names.
 */
export async function knownGpuNames(
  written: WireComparisons,
  resolve: (name: string) => Promise<string>,
): Promise<WireComparisons> {
  const known = async (value: WireValue) => (typeof value === 'string' ? resolve(value) : value)
  const names: Record<string, WireValue | readonly WireValue[]> = {}
  for (const [operator, value] of Object.entries(written as Record<string, WireValue | readonly WireValue[]>))
    names[operator] = isList(value) ? await Promise.all(value.map(known)) : await known(value)
  return names
}

function isList(value: WireValue | readonly WireValue[]): value is readonly WireValue[] {
  return Array.isArray(value)
}
