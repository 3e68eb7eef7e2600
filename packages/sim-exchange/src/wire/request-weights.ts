const MINUTE_MS = 60_000
const TEN_SECONDS_MS = 10_000
const DAY_MS = 86_400_000
/** This many requests beyond the limit, and the caller is banned. */
const IGNORED_REFUSALS_MAX = 20
const BAN_MS_FIRST = 120_000
const BAN_MS_MAX = 3 * DAY_MS

/** Limits as exchangeInfo shows them. */
export interface RequestLimits {
  /** @default 6000 */
  readonly weightPerMinute?: number
  /** @default 100 */
  readonly ordersPerTenSeconds?: number
  /** @default 200000 */
  readonly ordersPerDay?: number
}

/** What the limiter says of a request. */
export type WeightVerdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'limited'; readonly retryAfterS: number }
  | { readonly kind: 'banned'; readonly retryAfterS: number; readonly untilMs: number }

/** What a throttled caller is told. */
export function throttleMessage(
  verdict: Exclude<WeightVerdict, { readonly kind: 'passed' }>,
  limits: Required<RequestLimits>,
): string {
  return verdict.kind === 'limited'
    ? `Too much request weight used; current limit is ${limits.weightPerMinute} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
    : `Way too much request weight used; IP banned until ${verdict.untilMs}. Please use WebSocket Streams for live updates to avoid bans.`
}

/** Counts weight by calendar minute, as the exchange does, for everybody on this machine: limits are by address. Who goes on after a 429 is banned. */
export class RequestWeights {
  readonly limits: Required<RequestLimits>
  #minute = -1
  #used = 0
  #ignoredRefusals = 0
  #bannedUntilMs = 0
  #bans = 0

  constructor(limits: RequestLimits = {}) {
    this.limits = { weightPerMinute: 6_000, ordersPerTenSeconds: 100, ordersPerDay: 200_000, ...limits }
  }

  /** Weight used in the minute at hand. */
  get used(): number {
    return this.#used
  }

  take(weight: number, nowMs: number): WeightVerdict {
    if (nowMs < this.#bannedUntilMs)
      return { kind: 'banned', retryAfterS: seconds(this.#bannedUntilMs - nowMs), untilMs: this.#bannedUntilMs }
    const minute = Math.floor(nowMs / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#used = 0
      this.#ignoredRefusals = 0
    }
    this.#used += weight
    if (this.#used <= this.limits.weightPerMinute) return { kind: 'passed' }
    if (++this.#ignoredRefusals <= IGNORED_REFUSALS_MAX)
      return { kind: 'limited', retryAfterS: seconds((minute + 1) * MINUTE_MS - nowMs) }
    const banMs = Math.min(BAN_MS_FIRST * 2 ** this.#bans++, BAN_MS_MAX)
    this.#bannedUntilMs = nowMs + banMs
    return { kind: 'banned', retryAfterS: seconds(banMs), untilMs: this.#bannedUntilMs }
  }
}

/** Counts one account's orders by ten seconds and by day. */
export class OrderCounts {
  readonly #windows = [
    { lengthMs: TEN_SECONDS_MS, window: -1, count: 0 },
    { lengthMs: DAY_MS, window: -1, count: 0 },
  ] as const

  /** Counts one order; false when it is one too many. */
  take(limits: Required<RequestLimits>, nowMs: number): boolean {
    for (const each of this.#windows) {
      const window = Math.floor(nowMs / each.lengthMs)
      if (window !== each.window) Object.assign(each, { window, count: 0 })
    }
    const [tenSeconds, day] = this.#windows
    if (tenSeconds.count >= limits.ordersPerTenSeconds || day.count >= limits.ordersPerDay) return false
    Object.assign(tenSeconds, { count: tenSeconds.count + 1 })
    Object.assign(day, { count: day.count + 1 })
    return true
  }

  get perTenSeconds(): number {
    return this.#windows[0].count
  }

  get perDay(): number {
    return this.#windows[1].count
  }
}

function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000))
}
