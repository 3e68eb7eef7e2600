import { describe, expect, it } from 'vitest'
import { findGpuModel, gpuModel, spelling } from './gpu-model.ts'
import { gpuModels } from './gpu-models.ts'

describe('gpuModel', () => {
  it.each([
    'RTX_4090',
    'RTX 4090',
    'RTX4090',
    'rtx 4090',
    'rtx-4090',
    ' Rtx__4090 ',
    'NVIDIA GeForce RTX 4090',
    'nvidia_geforce_rtx_4090',
  ])('%j is the RTX 4090', name => {
    expect(gpuModel(name)).toEqual({
      model: 'RTX_4090',
      displayName: 'RTX 4090',
      vramGb: 24,
      cudaCores: 16_384,
      powerWatts: 450,
    })
  })

  it('finds every model by both of its names, and takes no two for one', () => {
    for (const model of gpuModels) {
      expect(gpuModel(model.model)).toBe(model)
      expect(gpuModel(model.displayName)).toBe(model)
    }
    expect(new Set(gpuModels.map(({ model }) => spelling(model))).size).toBe(gpuModels.length)
  })

  it('fails for an unknown name, with the nearest ones', () => {
    expect(() => gpuModel('RTX 4099')).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_GPU',
        message: expect.stringMatching(/^no GPU is called "RTX 4099"; the nearest names are RTX_409/),
      }),
    )
    expect(() => gpuModel('H100')).toThrow(/H100_(SXM|PCIE|NVL)/)
    expect(findGpuModel('')).toBeUndefined()
  })

  it('keeps near names apart', () => {
    expect(gpuModel('RTX 4090D').model).toBe('RTX_4090D')
    expect(gpuModel('rtx 4070s ti').model).toBe('RTX_4070S_Ti')
    expect(gpuModel('RTX 4070 Ti').model).toBe('RTX_4070_Ti')
  })
})
