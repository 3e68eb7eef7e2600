import { InvalidInputError, parseConfig } from '@org/core'
import { z } from 'zod'

const nonNegative = (unit: string) => z.number(`expected ${unit}`).min(0, `expected ${unit}, not negative`)

/** One GPU that the host rents out. Strict: an unknown key is an error, because it is probably a misspelt known one. */
export const gpuConfigSchema = z
  .strictObject({
    /** Your own name for it, unique. */
    gpuId: z.string().min(1),
    /** The machine it sits in; GPUs of one machine share its listing and its price. */
    machineId: z.number().int().positive(),
    /** Any spelling: `RTX_4090`, `RTX 4090`. */
    gpuModel: z.string().min(1),
    /** GB. */
    vramGb: z.number().positive(),
    cudaCores: z.number().int().positive(),
    /** Watts while rented, with the GPU's part of the machine around it. */
    powerWatts: nonNegative('watts'),
    /** Watts while not rented; a tenth of `powerWatts` where it is not given. */
    idleWatts: nonNegative('watts').optional(),
    /** USD per kWh. */
    powerCostPerKwh: nonNegative('USD per kWh'),
    /** USD per hour, rented or not: wear, rack, internet. */
    maintenanceCostPerHour: nonNegative('USD per hour'),
  })
  .refine(gpu => (gpu.idleWatts ?? 0) <= gpu.powerWatts, {
    message: 'expected at most powerWatts',
    path: ['idleWatts'],
  })

/**
 * One GPU that the host rents out, with what it costs.
 *
 * @example
 * const gpu: GpuConfig = {
 *   gpuId: 'gpu_001', machineId: 61001, gpuModel: 'RTX_4090', vramGb: 24, cudaCores: 16384,
 *   powerWatts: 450, idleWatts: 30, powerCostPerKwh: 0.12, maintenanceCostPerHour: 0.02,
 * }
 */
export type GpuConfig = z.input<typeof gpuConfigSchema>

/**
 * Checks a list of GPUs as a user wrote it (a file's content, for instance).
 *
 * @throws {InvalidInputError} `INVALID_CONFIG` in one line with every problem and the GPU it belongs to.
 */
export function parseGpuConfigs(input: unknown): readonly GpuConfig[] {
  if (!Array.isArray(input) || input.length === 0)
    throw new InvalidInputError({
      code: 'INVALID_CONFIG',
      message: 'expected a list of at least one GPU: [{ "gpuId": "gpu_001", "machineId": 61001, … }]',
    })
  const seen = new Set<string>()
  return input.map((entry: unknown, index) => {
    const gpu = parseConfig(gpuConfigSchema, entry, `GPU config ${nameOf(entry, index)}`)
    if (seen.has(gpu.gpuId))
      throw new InvalidInputError({
        code: 'INVALID_CONFIG',
        message: `GPU config "${gpu.gpuId}" stands in the list twice: give each GPU its own gpuId`,
      })
    seen.add(gpu.gpuId)
    return gpu
  })
}

function nameOf(entry: unknown, index: number): string {
  const gpuId = typeof entry === 'object' && entry !== null && 'gpuId' in entry ? entry.gpuId : undefined
  return typeof gpuId === 'string' && gpuId !== '' ? `"${gpuId}"` : `number ${index + 1}`
}
