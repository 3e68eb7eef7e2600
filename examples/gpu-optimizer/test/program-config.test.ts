import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DefaultRiskManager, VirtualClock } from '@org/core'
import { afterAll, describe, expect, it } from 'vitest'
import { sandboxGpus } from '../src/gpus.ts'
import { readProgramConfig } from '../src/program-config.ts'
import { riskLimits } from '../src/risk-limits.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(content: unknown): string {
  const path = join(folder, 'config.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

async function limitsOf(...args: Parameters<typeof riskLimits>): Promise<readonly number[]> {
  const risk = new DefaultRiskManager(riskLimits(...args), { clock: new VirtualClock() })
  await risk.ready()
  return risk.assessPortfolio().budgets.map(({ limit }) => limit)
}

describe('the program’s config', () => {
  it('reaches the optimiser and the limits', async () => {
    const config = await readProgramConfig(
      file({
        optimizer: { minExpectedProfit: 0.3, customParams: { unlistOnShutdown: true } },
        limits: { dailyLoss: 25 },
      }),
    )
    expect(config.optimizer).toMatchObject({ minExpectedProfit: 0.3, customParams: { unlistOnShutdown: true } })
    expect((await limitsOf(sandboxGpus, config.limits))[0]).toBe(25)
  })

  it('says in one line what is wrong with it', async () => {
    await expect(readProgramConfig(file({ limits: { dayLoss: 5 }, optimizer: { minRoi: -1 } }))).rejects.toThrow(
      /^--config .*config\.json is not usable: .*minRoi.*dayLoss/,
    )
    await expect(readProgramConfig(join(folder, 'none.json'))).rejects.toThrow(/cannot read --config/)
  })
})

describe('limits that nobody set', () => {
  it('bear what the machines cost when all goes as it should, however many and hungry they are', async () => {
    expect(await limitsOf(sandboxGpus)).toEqual([10, 10, 12])
    const hungry = Array.from({ length: 8 }, (_, i) => ({
      ...(sandboxGpus[0] as (typeof sandboxGpus)[number]),
      gpuId: `gpu_${i}`,
      powerWatts: 700,
      powerCostPerKwh: 0.4,
    }))
    // 8 × 24 h × (0.7 kW × $0.40 + $0.02), half as much again.
    expect((await limitsOf(hungry))[1]).toBe(Math.ceil(1.5 * 8 * 24 * 0.3))
  })
})
