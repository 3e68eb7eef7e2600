import { poolRates, ratioOf } from './calibrate.ts'
import type { Comparison, ComparisonGroup } from './compare.ts'
import { type Measures, mean, perHour, type Rate } from './measure.ts'

/** A line of the table of distances: one figure over all models of a group. */
interface Figure {
  readonly name: string
  readonly of: (all: readonly Measures[]) => number
  readonly digits: number
}

const rate = (of: (measures: Measures) => Rate) => (all: readonly Measures[]) => perHour(poolRates(all.map(of)))
const average = (of: (measures: Measures) => number) => (all: readonly Measures[]) =>
  mean(all.map(of).filter(Number.isFinite))
const takeVerified = rate(measures => measures.takeOneVerified)
const takeOther = rate(measures => measures.takeOneOther)

const figures: readonly Figure[] = [
  { name: 'occupancy, mean', of: average(measures => measures.occupancyMean), digits: 3 },
  { name: 'occupancy of verified machines', of: average(measures => measures.occupancyVerified), digits: 3 },
  { name: 'occupancy of the others', of: average(measures => measures.occupancyOther), digits: 3 },
  { name: 'occupancy, sd over time', of: average(measures => measures.occupancySd), digits: 3 },
  { name: 'occupancy, correlation over a day', of: average(measures => measures.occupancyDayCorrelation), digits: 2 },
  { name: 'spell, verified, h', of: all => 1 / rate(measures => measures.releaseVerified)(all), digits: 0 },
  { name: 'spell, verified 1-GPU machines, h', of: all => 1 / rate(m => m.releaseSingleVerified)(all), digits: 0 },
  { name: 'free verified 1-GPU offer taken, per h', of: takeVerified, digits: 3 },
  { name: 'the same, not verified, per h', of: takeOther, digits: 3 },
  { name: 'trust: ratio of these two', of: all => takeVerified(all) / takeOther(all), digits: 2 },
  ...[0, 1, 2, 3].map(quarter => ({
    name: `taken per h, ${['cheapest', 'second', 'third', 'dearest'][quarter]} quarter of asks`,
    of: rate(measures => measures.takeByPriceRank[quarter] ?? { events: 0, hours: 0 }),
    digits: 3,
  })),
  { name: 'take rate after an own cut > 5 %, ratio', of: all => ratioOf(all.map(m => m.cutResponse)), digits: 2 },
  { name: 'machines repriced in 8 h', of: average(measures => 8 * perHour(measures.reprice)), digits: 3 },
  { name: 'repricings upwards', of: average(measures => measures.repriceUpShare), digits: 2 },
  { name: 'correlation of successive repricings', of: average(measures => measures.repriceEcho), digits: 2 },
  { name: 'size of a repricing, median', of: average(measures => measures.repriceMedian), digits: 3 },
  { name: 'size of a repricing, p90', of: average(measures => measures.repriceP90), digits: 3 },
  { name: 'asks, p10 / median', of: average(measures => measures.dispersion[0] ?? Number.NaN), digits: 2 },
  { name: 'asks, p25 / median', of: average(measures => measures.dispersion[1] ?? Number.NaN), digits: 2 },
  { name: 'asks, p75 / median', of: average(measures => measures.dispersion[2] ?? Number.NaN), digits: 2 },
  { name: 'asks, p90 / median', of: average(measures => measures.dispersion[3] ?? Number.NaN), digits: 2 },
  { name: 'drift of asks over a week, rms', of: average(measures => measures.weeklyDrift), digits: 3 },
  { name: 'change of the median per cycle', of: average(measures => measures.cycleDrift), digits: 4 },
]

/** Markdown: all figures by group, then occupancy and repricing by model. */
export function formatComparison(groups: readonly ComparisonGroup[]): string {
  return [
    'Recorded → simulated, mean or pooled over the models of a group',
    '',
    row(['', ...groups.map(group => `${group.title} (${group.comparisons.length})`)]),
    row(['---', ...groups.map(() => '---')]),
    ...figures.map(figure => row([figure.name, ...groups.map(group => cell(figure, group.comparisons))])),
    row([
      'cuts behind the ratio, recorded',
      ...groups.map(({ comparisons }) => String(comparisons.reduce((n, c) => n + c.recorded.cutResponse.events, 0))),
    ]),
    '',
    row(['model', ...groups.slice(0, 2).map(group => `occupancy, ${group.title.split(', ')[1]}`), 'repriced in 8 h']),
    row(['---', '---', '---', '---']),
    ...byModel(groups),
  ].join('\n')
}

function byModel(groups: readonly ComparisonGroup[]): string[] {
  const [occupancy, repriced] = ['occupancy, mean', 'machines repriced in 8 h'].map(
    name => figures.find(figure => figure.name === name) as Figure,
  ) as [Figure, Figure]
  const [seenEarly, seenLate, unseenEarly, unseenLate] = groups
  return [
    [seenEarly, seenLate, ''],
    [unseenEarly, unseenLate, ' (unseen)'],
  ].flatMap(entry => {
    const [early, late, mark] = entry as [ComparisonGroup, ComparisonGroup, string]
    return early.comparisons.map((comparison, index) => {
      const later = late.comparisons[index] as Comparison
      return row([
        comparison.model + mark,
        cell(occupancy, [comparison]),
        cell(occupancy, [later]),
        cell(repriced, [comparison, later]),
      ])
    })
  })
}

function cell({ of, digits }: Figure, comparisons: readonly Comparison[]): string {
  const text = (value: number) => (Number.isFinite(value) ? value.toFixed(digits) : '–')
  return `${text(of(comparisons.map(each => each.recorded)))} → ${text(of(comparisons.map(each => each.simulated)))}`
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
