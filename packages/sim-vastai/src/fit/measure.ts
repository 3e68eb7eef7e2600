import type { Cycle, OfferRow, Recording } from './offer-row.ts'

const HOUR_MS = 3_600_000
/** Longer gaps between cycles say nothing about rates. */
const GAP_HOURS_MAX = 13
/** Smaller changes are the storage part of a price, not a repricing. */
const REPRICE_LEAST = 0.005

/** Single absurd moves do not decide an average: log changes are clipped here. */
const STEP_MOST = 0.3

/** Events per exposure, hours. */
export interface Rate {
  readonly events: number
  readonly hours: number
}

/** A ratio of rates, stratified after Mantel and Haenszel: numerator and denominator add up over strata and models. */
export interface RateRatio {
  readonly numerator: number
  readonly denominator: number
  readonly events: number
}

/** What can be measured alike on a recording and on a simulated market seen at the same moments. */
export interface Measures {
  readonly model: string
  readonly cycles: number
  readonly machines: number
  /** Share of GPUs taken, by each machine's largest chunk on offer. */
  readonly occupancyMean: number
  readonly occupancySd: number
  /** Correlation of occupancy with itself a day later. */
  readonly occupancyDayCorrelation: number
  readonly occupancyVerified: number
  readonly occupancyOther: number
  /** Share of verified machines of 1, 2, 4, 8 GPUs that are not free as a whole. */
  readonly takenBySize: readonly number[]
  /** A taken offer is free again: its inverse is the mean spell as seen at cycles. */
  readonly releaseVerified: Rate
  readonly releaseOther: Rate
  /** The same for machines with one GPU, where an offer is a contract. */
  readonly releaseSingleVerified: Rate
  readonly releaseSingleOther: Rate
  /** Machines only ever offered whole as 8 GPUs, verified. */
  readonly releaseWholeEight: Rate
  /** A free machine with one GPU is taken: its inverse is the mean wait. */
  readonly takeSingleVerified: Rate
  readonly takeSingleOther: Rate
  /** A free 1-GPU offer is taken, of a machine of any size. */
  readonly takeOneVerified: Rate
  readonly takeOneOther: Rate
  /** {@link takeOneVerified} by the quarter of its cycle's asks that the offer's lies in, cheapest first. */
  readonly takeByPriceRank: readonly Rate[]
  readonly reprice: Rate
  readonly repriceUpShare: number
  /** Correlation of a machine's successive log changes, clipped at 30 %: −0.5 when each undoes the one before, 0 when none does. */
  readonly repriceEcho: number
  /** |log change| of repricings. */
  readonly repriceMedian: number
  readonly repriceP90: number
  /** Asks of machines relative to their median: p10, p25, p75, p90. */
  readonly dispersion: readonly number[]
  /** Root mean square over weeks of the mean log price change of the machines seen at both ends. */
  readonly weeklyDrift: number
  /**
   * Mean |log change| of the median ask from cycle to cycle, of machines seen in both: a search shows a changing sample of the market, which
   * moves the median of all without any ask having moved.
   */
  readonly cycleDrift: number
  /** Take rate in the cycle after a free offer's own cut of more than 5 %, relative to unchanged free offers. */
  readonly cutResponse: RateRatio
}

interface Seen {
  readonly atMs: number
  readonly machines: ReadonlyMap<number, ReadonlyMap<number, OfferRow>>
}

/** Measures one model's cycles. */
export function measure(recording: Recording): Measures {
  const rates = {
    releaseVerified: newRate(),
    releaseOther: newRate(),
    releaseSingleVerified: newRate(),
    releaseSingleOther: newRate(),
    releaseWholeEight: newRate(),
    takeSingleVerified: newRate(),
    takeSingleOther: newRate(),
    takeOneVerified: newRate(),
    takeOneOther: newRate(),
    reprice: newRate(),
  }
  const takeByPriceRank = [newRate(), newRate(), newRate(), newRate()]
  const steps: number[] = []
  let ups = 0
  const lastSteps = new Map<number, number>()
  const successive: [number, number][] = []
  const strata = new Map<string, { cut: MutableRate; same: MutableRate }>()
  const seen = recording.cycles.map(byMachine)
  const sizes = sizesEver(seen)
  for (let index = 1; index < seen.length; index++) {
    const [before, after] = [seen[index - 1] as Seen, seen[index] as Seen]
    const hours = (after.atMs - before.atMs) / HOUR_MS
    if (hours > GAP_HOURS_MAX) continue
    const earlier = seen[index - 2]
    const hasEarlier = earlier !== undefined && (before.atMs - earlier.atMs) / HOUR_MS <= GAP_HOURS_MAX
    const quartiles = idleAskQuartiles(before)
    for (const [machineId, rows] of before.machines) {
      const later = after.machines.get(machineId)
      if (later === undefined) continue
      let step: number | undefined
      for (const [size, row] of rows) {
        const next = later.get(size)
        if (next === undefined) continue
        step = Math.log(next.usdPerGpuHour / row.usdPerGpuHour)
        const flipped = row.isRentable !== next.isRentable
        for (const name of ratesOf(row, sizes.get(machineId))) count(rates[name], flipped, hours)
        if (row.isRentable && row.isVerified && size === 1)
          count(takeByPriceRank[rankOf(row.usdPerGpuHour, quartiles)] as MutableRate, flipped, hours)
        const previous = hasEarlier ? earlier.machines.get(machineId)?.get(size) : undefined
        if (row.isRentable && previous?.isRentable === true) countResponse(strata, previous, row, flipped, hours)
      }
      if (step === undefined) continue
      const isRepriced = Math.abs(step) > REPRICE_LEAST
      count(rates.reprice, isRepriced, hours)
      if (!isRepriced) continue
      if (step > 0) ups++
      const clipped = Math.max(-STEP_MOST, Math.min(STEP_MOST, step))
      const last = lastSteps.get(machineId)
      if (last !== undefined) successive.push([last, clipped])
      lastSteps.set(machineId, clipped)
      steps.push(Math.abs(step))
    }
  }
  return {
    model: recording.model,
    cycles: seen.length,
    ...states(seen),
    ...rates,
    takeByPriceRank,
    repriceUpShare: ups / Math.max(1, steps.length),
    repriceEcho: correlation(successive),
    repriceMedian: quantile(steps, 0.5),
    repriceP90: quantile(steps, 0.9),
    cutResponse: mantelHaenszel(strata.values()),
  }
}

/** What an offer's next state counts for. */
function ratesOf(row: OfferRow, ever: SizesEver | undefined): readonly RateName[] {
  const names: RateName[] = []
  const trust = row.isVerified ? 'Verified' : 'Other'
  if (!row.isRentable) names.push(`release${trust}`)
  if (ever?.largest === 1) names.push(row.isRentable ? `takeSingle${trust}` : `releaseSingle${trust}`)
  if (row.isRentable && row.gpuCount === 1) names.push(`takeOne${trust}`)
  if (!row.isRentable && row.isVerified && ever?.smallest === 8 && ever.largest === 8) names.push('releaseWholeEight')
  return names
}

type RateName = `${'release' | 'releaseSingle' | 'takeSingle' | 'takeOne'}${'Verified' | 'Other'}` | 'releaseWholeEight'

/** Asks of free verified 1-GPU offers that part them into four. */
function idleAskQuartiles(seen: Seen): readonly number[] {
  const asks: number[] = []
  for (const rows of seen.machines.values()) {
    const row = rows.get(1)
    if (row?.isVerified === true && row.isRentable) asks.push(row.usdPerGpuHour)
  }
  return [0.25, 0.5, 0.75].map(share => quantile(asks, share))
}

function rankOf(ask: number, quartiles: readonly number[]): number {
  return quartiles.filter(limit => ask >= limit).length
}

function count(rate: MutableRate, isEvent: boolean, hours: number): void {
  rate.hours += hours
  if (isEvent) rate.events++
}

type MutableRate = { -readonly [K in keyof Rate]: Rate[K] }

function newRate(): MutableRate {
  return { events: 0, hours: 0 }
}

function byMachine(cycle: Cycle): Seen {
  const machines = new Map<number, Map<number, OfferRow>>()
  for (const row of cycle.rows) {
    const rows = machines.get(row.machineId) ?? new Map<number, OfferRow>()
    machines.set(row.machineId, rows)
    rows.set(row.gpuCount, row)
  }
  return { atMs: cycle.atMs, machines }
}

interface SizesEver {
  largest: number
  smallest: number
}

function sizesEver(seen: readonly Seen[]): Map<number, SizesEver> {
  const sizes = new Map<number, SizesEver>()
  for (const { machines } of seen)
    for (const [machineId, rows] of machines)
      for (const size of rows.keys()) {
        const known = sizes.get(machineId)
        if (known === undefined) sizes.set(machineId, { largest: size, smallest: size })
        else {
          known.largest = Math.max(known.largest, size)
          known.smallest = Math.min(known.smallest, size)
        }
      }
  return sizes
}

function countResponse(
  strata: Map<string, { cut: MutableRate; same: MutableRate }>,
  previous: OfferRow,
  row: OfferRow,
  isTaken: boolean,
  hours: number,
): void {
  const step = Math.log(row.usdPerGpuHour / previous.usdPerGpuHour)
  const kind = step < -0.05 ? 'cut' : Math.abs(step) < 0.01 ? 'same' : undefined
  if (kind === undefined) return
  const key = `${row.isVerified} ${row.gpuCount}`
  const stratum = strata.get(key) ?? { cut: newRate(), same: newRate() }
  strata.set(key, stratum)
  count(stratum[kind], isTaken, hours)
}

function mantelHaenszel(strata: Iterable<{ readonly cut: Rate; readonly same: Rate }>): RateRatio {
  const sums = { numerator: 0, denominator: 0, events: 0 }
  for (const { cut, same } of strata) {
    const hours = cut.hours + same.hours
    if (hours === 0) continue
    sums.numerator += (cut.events * same.hours) / hours
    sums.denominator += (same.events * cut.hours) / hours
    sums.events += cut.events
  }
  return sums
}

/** What is measured at moments rather than between them. */
function states(seen: readonly Seen[]) {
  const occupancy: { readonly atMs: number; readonly value: number }[] = []
  const dispersions: number[][] = []
  const taken = [1, 2, 4, 8].map(() => ({ taken: 0, all: 0 }))
  const gpus = { verified: 0, verifiedFree: 0, other: 0, otherFree: 0 }
  let machines = 0
  for (const { atMs, machines: byId } of seen) {
    let [all, free] = [0, 0]
    const asks: number[] = []
    for (const rows of byId.values()) {
      const largest = largestOf(rows, () => true)
      if (largest === undefined) continue
      const freeGpus = largestOf(rows, row => row.isRentable)?.gpuCount ?? 0
      all += largest.gpuCount
      free += freeGpus
      gpus[largest.isVerified ? 'verified' : 'other'] += largest.gpuCount
      gpus[largest.isVerified ? 'verifiedFree' : 'otherFree'] += freeGpus
      asks.push(largest.usdPerGpuHour)
      const size = largest.isVerified ? taken[[1, 2, 4, 8].indexOf(largest.gpuCount)] : undefined
      if (size === undefined) continue
      size.all++
      if (!largest.isRentable) size.taken++
    }
    machines += asks.length
    const median = quantile(asks, 0.5)
    occupancy.push({ atMs, value: 1 - free / all })
    dispersions.push([0.1, 0.25, 0.75, 0.9].map(share => quantile(asks, share) / median))
  }
  const values = occupancy.map(point => point.value)
  return {
    machines: machines / seen.length,
    occupancyMean: mean(values),
    occupancySd: deviation(values),
    occupancyDayCorrelation: correlation(pairs(occupancy, 24)),
    occupancyVerified: 1 - gpus.verifiedFree / gpus.verified,
    occupancyOther: 1 - gpus.otherFree / gpus.other,
    takenBySize: taken.map(size => size.taken / size.all),
    dispersion: [0, 1, 2, 3].map(index =>
      quantile(
        dispersions.map(row => row[index] as number),
        0.5,
      ),
    ),
    weeklyDrift: weeklyDrift(seen),
    cycleDrift: cycleDrift(seen),
  }
}

function cycleDrift(seen: readonly Seen[]): number {
  const moves: number[] = []
  for (let index = 1; index < seen.length; index++) {
    const [before, after] = [seen[index - 1] as Seen, seen[index] as Seen]
    if ((after.atMs - before.atMs) / HOUR_MS > GAP_HOURS_MAX) continue
    const [olds, news]: [number[], number[]] = [[], []]
    for (const [id, rows] of before.machines) {
      const later = after.machines.get(id)
      if (later === undefined) continue
      olds.push(askOf(rows))
      news.push(askOf(later))
    }
    moves.push(Math.abs(Math.log(quantile(news, 0.5) / quantile(olds, 0.5))))
  }
  return mean(moves.filter(Number.isFinite))
}

/** A machine's ask is that of its largest chunk. */
function askOf(rows: ReadonlyMap<number, OfferRow>): number {
  return largestOf(rows, () => true)?.usdPerGpuHour ?? Number.NaN
}

function weeklyDrift(seen: readonly Seen[]): number {
  const asks: { readonly atMs: number; readonly value: ReadonlyMap<number, number> }[] = seen.map(
    ({ atMs, machines }) => ({
      atMs,
      value: new Map([...machines].map(([id, rows]) => [id, Math.log(askOf(rows))])),
    }),
  )
  const means = pairs(asks, 168).map(([before, after]) => {
    const changes: number[] = []
    for (const [id, ask] of before) {
      const later = after.get(id)
      if (later !== undefined) changes.push(Math.max(-STEP_MOST, Math.min(STEP_MOST, later - ask)))
    }
    return mean(changes)
  })
  return Math.sqrt(mean(means.map(change => change ** 2)))
}

function largestOf(rows: ReadonlyMap<number, OfferRow>, test: (row: OfferRow) => boolean): OfferRow | undefined {
  let best: OfferRow | undefined
  for (const row of rows.values()) if (test(row) && (best === undefined || row.gpuCount > best.gpuCount)) best = row
  return best
}

/** Values so many hours apart, give or take a twelfth. */
function pairs<T>(points: readonly { readonly atMs: number; readonly value: T }[], hours: number): [T, T][] {
  const found: [T, T][] = []
  let after = 0
  for (const { atMs, value } of points) {
    while (after < points.length && (points[after]?.atMs ?? 0) < atMs + hours * HOUR_MS) after++
    const later = points[after]
    if (later !== undefined && later.atMs < atMs + hours * HOUR_MS * (1 + 1 / 12)) found.push([value, later.value])
  }
  return found
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map(value => (value - middle) ** 2)))
}

/** By nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function correlation(found: readonly (readonly [number, number])[]): number {
  const [xs, ys] = [found.map(pair => pair[0]), found.map(pair => pair[1])]
  const [x, y] = [mean(xs), mean(ys)]
  return mean(found.map(pair => (pair[0] - x) * (pair[1] - y))) / (deviation(xs) * deviation(ys))
}

export function perHour(rate: Rate): number {
  return rate.hours === 0 ? Number.NaN : rate.events / rate.hours
}
