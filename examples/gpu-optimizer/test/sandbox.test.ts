import { canonicalJson } from '@org/core'
import { describe, expect, it } from 'vitest'
import { compareOnSameRenters } from '../src/compare.ts'
import { sandboxGpus } from '../src/gpus.ts'
import { budgetsText, comparisonText, decisionsText, kpisText } from '../src/print-report.ts'
import { runSandbox } from '../src/sandbox.ts'

const twoDays = { gpus: sandboxGpus, days: 2, seed: 11, policy: 'expected-income' } as const

describe('the sandbox', () => {
  it('gives the same bytes for the same seed, and others for another', { timeout: 60_000 }, async () => {
    const first = canonicalJson(await runSandbox(twoDays))
    expect(canonicalJson(await runSandbox(twoDays))).toBe(first)
    expect(canonicalJson(await runSandbox({ ...twoDays, seed: 12 }))).not.toBe(first)
  })

  it('scans every five minutes and its figures reconcile', { timeout: 60_000 }, async () => {
    const { kpis, scans } = await runSandbox(twoDays)
    expect(scans).toBe(2 * 288)
    expect(kpis.totalRevenue - kpis.operatingCost).toBeCloseTo(kpis.netProfit, 6)
    expect(kpis.occupancy * kpis.gpuHours * kpis.averageHourlyRate).toBeCloseTo(kpis.totalRevenue, 6)
    expect(kpis.totalRevenue).toBeGreaterThan(0)
  })

  it('reports in words what happened, earned, is left, and would have been', { timeout: 60_000 }, async () => {
    const run = await runSandbox(twoDays)
    const comparison = compareOnSameRenters({ machines: run.machines, days: 2, seed: 11 })
    const text = [
      decisionsText(run.decisions),
      kpisText(run.kpis),
      budgetsText(run.budgets),
      ...comparison.map(comparisonText),
    ].join('\n')
    for (const word of [
      'list',
      'Net profit',
      'max_daily_loss',
      'best fixed price in hindsight',
      'guide rule',
      'two price',
    ])
      expect(text).toContain(word)
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })
})
