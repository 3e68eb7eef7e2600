import { InvalidInputError } from '@org/core'
import { gpuModels } from './gpu-models.ts'
import { nearest } from './nearest.ts'

/** A GPU model. Some names cover several variants: read `gpu_ram` of the offer where memory matters. */
export interface GpuModel {
  /** Name with underscores, as strategies and the official client write it: `RTX_4090`. */
  readonly model: string
  /** Name on the wire: `RTX 4090`. */
  readonly displayName: string
  /** Memory of the usual variant, GB. */
  readonly vramGb: number
  /** Absent where cards have none. */
  readonly cudaCores: number | undefined
  /** Board power, W; hosts may limit it below. */
  readonly powerWatts: number
}

const bySpelling = new Map<string, GpuModel>()
for (const model of gpuModels) {
  bySpelling.set(spelling(model.model), model)
  bySpelling.set(spelling(model.displayName), model)
}

/**
 * The GPU model of that name, however it is spelt: `RTX_4090`, `RTX 4090`, `RTX4090`, `rtx-4090` and `NVIDIA GeForce RTX 4090` are one.
 *
 * @throws {InvalidInputError} `UNKNOWN_GPU`, with the nearest known names.
 * @example
 * gpuModel('rtx 4090').displayName // 'RTX 4090'
 */
export function gpuModel(name: string): GpuModel {
  const known = findGpuModel(name)
  if (known !== undefined) return known
  throw unknownGpu(
    name,
    gpuModels.map(({ model }) => model),
  )
}

/** The GPU model of that name, or `undefined`. */
export function findGpuModel(name: string): GpuModel | undefined {
  return bySpelling.get(spelling(name))
}

/** One text for all spellings of a name. */
export function spelling(name: string): string {
  return name
    .toLowerCase()
    .replace(/\b(?:nvidia|geforce)\b|(?<=_|^)(?:nvidia|geforce)(?=_)/g, '')
    .replace(/[\s_-]+/g, '')
}

/** The error for a name that means no card. */
export function unknownGpu(name: string, known: readonly string[]): InvalidInputError {
  const near = nearest(name, known, 3)
  return new InvalidInputError({
    code: 'UNKNOWN_GPU',
    message: `no GPU is called ${JSON.stringify(name.slice(0, 64))}; the nearest names are ${near.join(', ')}`,
    details: { nearest: near },
  })
}
