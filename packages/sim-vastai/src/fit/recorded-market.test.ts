import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { shippedParameters } from '../market/create-world.ts'
import { type ComparisonGroup, compareMarkets } from './compare.ts'
import { formatComparison } from './format-comparison.ts'
import { perHour } from './measure.ts'
import type { Recording } from './offer-row.ts'
import { readRecordings } from './read-recording.ts'
import { earlyPart, FITTED_MODELS, latePart } from './split.ts'

const folder = resolve(import.meta.dirname, '../../../../../shared/data/gpu-market')

describe.skipIf(!existsSync(folder))('the shipped market (skipped where ../shared is missing)', () => {
  const models = ['A100_SXM4', 'H100_SXM', 'RTX_4090', 'B200', 'L40S']
  let recordings: readonly Recording[] = []
  let groups: readonly ComparisonGroup[] = []

  beforeAll(() => {
    recordings = readRecordings(folder, models)
    groups = compareMarkets(recordings, shippedParameters, [201, 202])
  }, 120_000)

  it('splits the recordings into models and dates that were seen, and that were not', () => {
    expect(groups.map(({ title, comparisons }) => [title, comparisons.map(({ model }) => model)])).toEqual([
      ['seen models, seen dates', ['A100_SXM4', 'H100_SXM', 'RTX_4090']],
      ['seen models, unseen dates', ['A100_SXM4', 'H100_SXM', 'RTX_4090']],
      ['unseen models, seen dates', ['B200', 'L40S']],
      ['unseen models, unseen dates', ['B200', 'L40S']],
    ])
    for (const recording of recordings) {
      const [early, late] = [earlyPart(recording), latePart(recording)]
      expect(early.cycles.length + late.cycles.length).toBe(recording.cycles.length)
      expect(early.cycles.at(-1)?.atMs).toBeLessThan(late.cycles[0]?.atMs ?? 0)
    }
  })

  it('has nothing but size and price of the models that the fit did not see', () => {
    for (const [model, parameters] of Object.entries(shippedParameters.models))
      if (!FITTED_MODELS.includes(model)) expect(Object.keys(parameters)).toEqual(['machines', 'medianUsdPerGpuHour'])
  })

  it('is as full as the recorded one, also where the fit did not look', () => {
    for (const { title, comparisons } of groups)
      for (const { model, recorded, simulated } of comparisons)
        expect(Math.abs(simulated.occupancyVerified - recorded.occupancyVerified), `${model}, ${title}`).toBeLessThan(
          0.1,
        )
  })

  it('has spells of the recorded length, trusted machines taken faster, and no effect of the rank by price', () => {
    const pooled = groups.flatMap(group => group.comparisons.map(comparison => comparison.simulated))
    const rate = (of: (each: (typeof pooled)[number]) => { readonly events: number; readonly hours: number }) =>
      perHour({
        events: pooled.reduce((sum, each) => sum + of(each).events, 0),
        hours: pooled.reduce((sum, each) => sum + of(each).hours, 0),
      })
    const spellHours = 1 / rate(each => each.releaseSingleVerified)
    expect(spellHours).toBeGreaterThan(60)
    expect(spellHours).toBeLessThan(130)
    const trust = rate(each => each.takeOneVerified) / rate(each => each.takeOneOther)
    expect(trust).toBeGreaterThan(2)
    expect(trust).toBeLessThan(6)
    const none = { events: 0, hours: 0 }
    const [cheapest, dearest] = [0, 3].map(quarter => rate(each => each.takeByPriceRank[quarter] ?? none))
    expect((dearest as number) / (cheapest as number)).toBeGreaterThan(0.7)
    expect((dearest as number) / (cheapest as number)).toBeLessThan(1.4)
  })

  it('is reported as a table with a line for each model', () => {
    const text = formatComparison(groups)
    for (const model of models) expect(text).toContain(`| ${model}`)
    expect(text).toMatch(/\| occupancy, mean \| 0\.\d+ → 0\.\d+ \|/)
  })
})
