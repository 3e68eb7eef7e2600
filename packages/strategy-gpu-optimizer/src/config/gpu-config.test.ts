import { describe, expect, it } from 'vitest'
import { guideGpu } from '../../test/sample-gpu.ts'
import { type GpuConfig, parseGpuConfigs } from './gpu-config.ts'
import { machinePlans } from './machine-plan.ts'

const problemOf = (input: unknown): string => {
  try {
    machinePlans(parseGpuConfigs(input))
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_CONFIG', effect: 'none' })
    const message = error instanceof Error ? error.message : String(error)
    expect(message).not.toContain('\n')
    return message
  }
  throw new Error('nothing was refused')
}
const without = (key: keyof GpuConfig) => Object.fromEntries(Object.entries(guideGpu).filter(([name]) => name !== key))

describe('a GPU config', () => {
  it("takes the guide's fields plus machineId and idleWatts", () => {
    expect(parseGpuConfigs([guideGpu])).toEqual([guideGpu])
  })

  it('refuses a negative cost in one line that names the GPU and the field', () => {
    expect(problemOf([{ ...guideGpu, powerCostPerKwh: -0.1 }])).toBe(
      'GPU config "gpu_001" is not usable: powerCostPerKwh: expected USD per kWh, not negative',
    )
  })

  it('refuses a cost that is no number', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '0.02', null, undefined])
      expect(problemOf([{ ...guideGpu, maintenanceCostPerHour: value }])).toContain(
        'maintenanceCostPerHour: expected USD per hour',
      )
  })

  it('names every field that is missing from a half-written one', () => {
    const message = problemOf([without('machineId'), guideGpu])
    expect(message).toContain('GPU config "gpu_001" is not usable: machineId')
    expect(problemOf([{}])).toMatch(/GPU config number 1 .*gpuId.*machineId.*gpuModel.*powerWatts/)
  })

  it('takes an unknown field for a misspelt one', () => {
    expect(problemOf([{ ...guideGpu, powerWats: 450 }])).toContain('powerWats')
  })

  it('refuses what is no list, and an empty one', () => {
    for (const input of [undefined, null, {}, 'gpus.json', []])
      expect(problemOf(input)).toContain('expected a list of at least one GPU')
  })

  it('refuses one GPU listed twice', () => {
    expect(problemOf([guideGpu, guideGpu])).toBe(
      'GPU config "gpu_001" stands in the list twice: give each GPU its own gpuId',
    )
  })

  it('refuses to idle on more than it draws under load', () => {
    expect(problemOf([{ ...guideGpu, idleWatts: 451 }])).toContain('idleWatts: expected at most powerWatts')
  })

  it('refuses two models in one machine, whatever their spelling', () => {
    expect(problemOf([guideGpu, { ...guideGpu, gpuId: 'gpu_002', gpuModel: 'RTX_3090' }])).toBe(
      'machine 61001 is said to hold RTX_4090 and RTX_3090: correct machineId or gpuModel, a machine holds one model',
    )
    expect(machinePlans([guideGpu, { ...guideGpu, gpuId: 'gpu_002', gpuModel: 'rtx 4090' }])).toHaveLength(1)
  })
})

describe('the plan of a machine', () => {
  it('costs the mean of its GPUs', () => {
    const [plan] = machinePlans([guideGpu, { ...guideGpu, gpuId: 'gpu_002', maintenanceCostPerHour: 0.04 }])
    expect(plan?.runningCostPerGpuHour).toBeCloseTo(0.084, 12)
    expect(plan?.idleCostPerGpuHour).toBeCloseTo(0.0336, 12)
    expect(plan?.gpuIds).toEqual(['gpu_001', 'gpu_002'])
  })
})
