import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readGpus, sandboxGpus } from '../src/gpus.ts'

const folder = mkdtempSync(join(tmpdir(), 'gpus-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(content: string): string {
  const path = join(folder, `${content.length}.json`)
  writeFileSync(path, content)
  return path
}

describe('a GPU file', () => {
  it('gives the GPUs that it describes', async () => {
    expect(await readGpus(file(JSON.stringify(sandboxGpus)))).toMatchObject([
      { gpuId: 'gpu_001' },
      { gpuId: 'gpu_002' },
    ])
  })

  it('that is missing is named', async () => {
    await expect(readGpus(join(folder, 'none.json'))).rejects.toThrow(/cannot read --gpus .*none\.json/)
  })

  it('that is half-written is refused', async () => {
    await expect(readGpus(file('[{"gpuId": "gpu_001", "machineId": 6'))).rejects.toThrow(
      /no whole JSON, perhaps half-written/,
    )
  })

  it('with a negative cost is refused with the field and the GPU', async () => {
    const wrong = [{ ...sandboxGpus[0], powerCostPerKwh: -0.12 }]
    await expect(readGpus(file(JSON.stringify(wrong)))).rejects.toThrow(/gpu_001.*powerCostPerKwh/)
  })
})
