import { type Measures, mean, type Rate } from './measure.ts'

const NO_RATE: Rate = { events: 0, hours: 0 }

/** Several seeds' measures as one: rates and ratios pooled, the rest averaged. */
export function averageMeasures(runs: readonly Measures[]): Measures {
  const first = runs[0]
  if (first === undefined) throw new RangeError('expected at least one run')
  const number = (of: (run: Measures) => number) => mean(runs.map(of).filter(Number.isFinite))
  const list = (of: (run: Measures) => readonly number[]) =>
    of(first).map((_, index) => number(run => of(run)[index] ?? Number.NaN))
  const rate = (of: (run: Measures) => Rate): Rate => ({
    events: runs.reduce((sum, run) => sum + of(run).events, 0),
    hours: runs.reduce((sum, run) => sum + of(run).hours, 0),
  })
  return {
    model: first.model,
    cycles: first.cycles,
    machines: number(run => run.machines),
    occupancyMean: number(run => run.occupancyMean),
    occupancySd: number(run => run.occupancySd),
    occupancyDayCorrelation: number(run => run.occupancyDayCorrelation),
    occupancyVerified: number(run => run.occupancyVerified),
    occupancyOther: number(run => run.occupancyOther),
    takenBySize: list(run => run.takenBySize),
    releaseVerified: rate(run => run.releaseVerified),
    releaseOther: rate(run => run.releaseOther),
    takeOneVerified: rate(run => run.takeOneVerified),
    takeOneOther: rate(run => run.takeOneOther),
    takeByPriceRank: first.takeByPriceRank.map((_, quarter) => rate(run => run.takeByPriceRank[quarter] ?? NO_RATE)),
    reprice: rate(run => run.reprice),
    releaseSingleVerified: rate(run => run.releaseSingleVerified),
    releaseSingleOther: rate(run => run.releaseSingleOther),
    takeSingleVerified: rate(run => run.takeSingleVerified),
    takeSingleOther: rate(run => run.takeSingleOther),
    releaseWholeEight: rate(run => run.releaseWholeEight),
    repriceUpShare: number(run => run.repriceUpShare),
    repriceEcho: number(run => run.repriceEcho),
    repriceMedian: number(run => run.repriceMedian),
    repriceP90: number(run => run.repriceP90),
    dispersion: list(run => run.dispersion),
    weeklyDrift: number(run => run.weeklyDrift),
    cycleDrift: number(run => run.cycleDrift),
    cutResponse: {
      numerator: runs.reduce((sum, run) => sum + run.cutResponse.numerator, 0),
      denominator: runs.reduce((sum, run) => sum + run.cutResponse.denominator, 0),
      events: runs.reduce((sum, run) => sum + run.cutResponse.events, 0),
    },
  }
}
