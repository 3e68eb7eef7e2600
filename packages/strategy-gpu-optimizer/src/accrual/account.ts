import { addMicros, fromMicros, type Micros, negateMicros, toMicros, zeroMicros } from '@org/core'
import { z } from 'zod'

const microsSchema = z
  .number()
  .int()
  .transform(value => value as Micros)

/** What one machine earned and cost since the optimiser met it. Money is exact: it is what was posted to the budgets. */
export const accountSchema = z.strictObject({
  /** Up to when cost has been counted, milliseconds since the epoch; `null` before the first sight. */
  atMs: z.number().nullable(),
  /** GPUs in use at that moment, own test rentals included: they draw power like any other. */
  busyGpus: z.number().int().min(0),
  /** GPUs that clients held at that moment. */
  rentedGpus: z.number().int().min(0),
  revenue: microsSchema,
  cost: microsSchema,
  gpuHours: z.number().min(0),
  rentedGpuHours: z.number().min(0),
  /** What the market's books showed last, from the day on that they are read from; `null` until they were read. */
  booksLast: microsSchema.nullable(),
  /** Revenue recorded by estimate since then, because the books could not be read. */
  estimated: microsSchema,
  /** `rentedGpuHours` up to which revenue has been recorded. */
  paidGpuHours: z.number().min(0),
  /** Listing decisions judged, and those after which the machine earned more than it cost. See kpi/kpis.ts. */
  judged: z.number().int().min(0),
  right: z.number().int().min(0),
  /** The listing decision under way: revenue and cost when it was made. */
  episode: z.strictObject({ sinceMs: z.number(), revenue: microsSchema, cost: microsSchema }).nullable(),
})
export type Account = z.infer<typeof accountSchema>

export const newAccount: Account = {
  atMs: null,
  busyGpus: 0,
  rentedGpus: 0,
  revenue: zeroMicros,
  cost: zeroMicros,
  gpuHours: 0,
  rentedGpuHours: 0,
  booksLast: null,
  estimated: zeroMicros,
  paidGpuHours: 0,
  judged: 0,
  right: 0,
  episode: null,
}

const hourMs = 3_600_000
/** A longer gap is a clock that jumped or a bot that was off: what the machine drew in it is not known. */
export const gapMaxMs = 24 * hourMs

/** Costs of a machine's GPUs, USD per GPU-hour. */
export interface GpuCosts {
  readonly gpus: number
  readonly runningCostPerGpuHour: number
  readonly idleCostPerGpuHour: number
}

/**
 * Counts the cost of the time since the account was brought up to date, by what the GPUs did at its beginning.
 *
 * @returns the account, and the cost to be posted: rounded up, as losses are.
 */
export function accrueCost(
  account: Account,
  now: { readonly nowMs: number; readonly busyGpus: number; readonly rentedGpus: number },
  costs: GpuCosts,
): { readonly account: Account; readonly cost: Micros } {
  const elapsedMs = account.atMs === null ? 0 : Math.min(gapMaxMs, Math.max(0, now.nowMs - account.atMs))
  const hours = elapsedMs / hourMs
  const busyGpus = Math.min(account.busyGpus, costs.gpus)
  const rentedGpus = Math.min(account.rentedGpus, costs.gpus)
  const perHour = busyGpus * costs.runningCostPerGpuHour + (costs.gpus - busyGpus) * costs.idleCostPerGpuHour
  const cost = toMicros(perHour * hours, 'up')
  return {
    cost,
    account: {
      ...account,
      atMs: now.nowMs,
      busyGpus: now.busyGpus,
      rentedGpus: now.rentedGpus,
      cost: addMicros(account.cost, cost),
      gpuHours: account.gpuHours + costs.gpus * hours,
      rentedGpuHours: account.rentedGpuHours + rentedGpus * hours,
    },
  }
}

/**
 * Brings the revenue to what the market's books show, estimates made meanwhile included.
 *
 * @param earnedUsd what the books show now for all days since they were first read.
 * @returns the account, and the rent to be posted: rounded down, as gains are; negative when the books took something back, however much.
 */
export function accrueRent(account: Account, earnedUsd: number): { readonly account: Account; readonly rent: Micros } {
  const books = toMicros(earnedUsd, 'down')
  const read = { ...account, booksLast: books, estimated: zeroMicros, paidGpuHours: account.rentedGpuHours }
  // At the first look the books hold what was earned before us.
  if (account.booksLast === null) return { rent: zeroMicros, account: read }
  const rent = addMicros(books, negateMicros(addMicros(account.booksLast, account.estimated)))
  return { rent, account: { ...read, revenue: addMicros(account.revenue, rent) } }
}

/** The account when the books are read from another day on: what they show then compares with nothing, as at the first look. */
export function turnBooks(account: Account): Account {
  return { ...account, booksLast: null }
}

/**
 * Records rent by estimate when the books cannot be read: hours rented since it was recorded last, at the price they were rented for. The
 * next look into the books corrects it.
 */
export function estimateRent(
  account: Account,
  pricePerGpuHour: number,
): { readonly account: Account; readonly rent: Micros } {
  const rent = toMicros((account.rentedGpuHours - account.paidGpuHours) * pricePerGpuHour, 'down')
  return {
    rent,
    account: {
      ...account,
      revenue: addMicros(account.revenue, rent),
      estimated: addMicros(account.estimated, rent),
      paidGpuHours: account.rentedGpuHours,
    },
  }
}

/** The account when a listing decision ends one episode and `begins` another. */
export function turnEpisode(account: Account, begins: { readonly atMs: number } | undefined): Account {
  const { episode } = account
  const judged = judge(account)
  return {
    ...account,
    judged: account.judged + (episode === null ? 0 : 1),
    right: account.right + (judged === true ? 1 : 0),
    episode: begins === undefined ? null : { sinceMs: begins.atMs, revenue: account.revenue, cost: account.cost },
  }
}

/** Did the machine earn more than it cost since the listing decision under way? `undefined` without one. */
export function judge({ episode, revenue, cost }: Account): boolean | undefined {
  if (episode === null) return undefined
  return fromMicros(revenue) - fromMicros(episode.revenue) > fromMicros(cost) - fromMicros(episode.cost)
}
