import { describe, expect, it } from 'vitest'
import { findModel } from '../market/catalogue.ts'
import { parametersOf, shippedParameters } from '../market/create-world.ts'
import type { GpuModel } from '../market/gpu-model.ts'
import { describeModel } from './describe-model.ts'
import { fitLevel } from './level.ts'
import { poolModels } from './pool-models.ts'

describe('describeModel', () => {
  it('reads who offers what from the largest chunk of each machine', () => {
    const base = { hostId: 1, reliability: 0.99, isDatacenter: false, isRentable: true, minBidUsdPerGpuHour: 0.5 }
    const rows = [
      { ...base, machineId: 1, gpuCount: 4, usdPerGpuHour: 1, isVerified: true },
      { ...base, machineId: 1, gpuCount: 2, usdPerGpuHour: 1, isVerified: true },
      { ...base, machineId: 2, gpuCount: 1, usdPerGpuHour: 1, isVerified: true },
      { ...base, machineId: 3, gpuCount: 1, usdPerGpuHour: 0.5, isVerified: false },
      { ...base, machineId: 4, gpuCount: 1, usdPerGpuHour: 1, isVerified: true },
    ]
    const described = describeModel({ model: 'RTX_4090', cycles: [{ atMs: 0, rows }] })
    expect(described).toMatchObject({ machines: 4, medianUsdPerGpuHour: 1, verifiedShare: 0.75, datacenterShare: 0 })
    expect(described.shapes).toEqual([
      { gpuCount: 1, minChunk: 1, weight: 0.75 },
      { gpuCount: 4, minChunk: 2, weight: 0.25 },
    ])
    expect(described.askUnverified[3]).toEqual({ share: 0.5, value: Number(Math.log(0.5).toPrecision(4)) })
    expect(described.minBidRatio[3]).toEqual({ share: 0.5, value: 0.5 })
  })
})

describe('fitLevel', () => {
  it('finds the line that prices lie on', () => {
    const gpus = ['RTX_4090', 'RTX_A6000', 'H100_SXM', 'L40S'].map(name => findModel(name) as GpuModel)
    const usd = (gpu: GpuModel) => Math.exp(-5 + 0.4 * Math.log(gpu.vramMib / 1024) + 0.3 * Math.log(gpu.memoryGbPerS))
    const { base, vram, bandwidth } = fitLevel(gpus.map(gpu => ({ gpu, usdPerGpuHour: usd(gpu) })))
    expect(base).toBeCloseTo(-5, 6)
    expect(vram).toBeCloseTo(0.4, 6)
    expect(bandwidth).toBeCloseTo(0.3, 6)
  })

  it('gives cards nobody recorded a price between those of their like', () => {
    const usd = (name: string) => parametersOf(findModel(name) as GpuModel, shippedParameters).medianUsdPerGpuHour
    expect(usd('RTX_3090')).toBeGreaterThan(0.1)
    expect(usd('RTX_3090')).toBeLessThan(usd('RTX_4090'))
    expect(usd('H200')).toBeGreaterThan(usd('H100_SXM'))
    expect(usd('H200')).toBeLessThan(usd('B200'))
  })
})

describe('poolModels', () => {
  it('takes the middle of the models, each with one vote', () => {
    const one = parametersOf(findModel('RTX_4090') as GpuModel, shippedParameters)
    const fits = [0.1, 0.2, 0.9].map(demandSd => ({ ...one, demandSd, arrivalsPerMachine: [demandSd, 0, 0, 0] }))
    const pooled = poolModels(fits)
    expect(pooled.demandSd).toBe(0.2)
    expect(pooled.arrivalsPerMachine[0]).toBeCloseTo(0.4, 12)
    expect(pooled.shapes.reduce((sum, shape) => sum + shape.weight, 0)).toBeCloseTo(
      one.shapes.reduce((sum, shape) => sum + shape.weight, 0),
      6,
    )
  })
})
