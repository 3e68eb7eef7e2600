import { type Clock, VirtualClock } from '@org/core'
import type { Exchange } from '../market/exchange.ts'
import { KeyRing } from './key-ring.ts'
import { RequestLog } from './request-log.ts'
import { OrderCounts, type RequestLimits, RequestWeights } from './request-weights.ts'

/** What the parts of the wire share: market, clock, keys, limits, log. */
export class Simulation {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly keys: KeyRing
  readonly log: RequestLog
  readonly weights: RequestWeights
  /** False: nobody is throttled. */
  readonly isThrottling: boolean
  /** How far the exchange's own time is ahead of the clock. */
  clockSkewMs = 0
  /** Orders by account name. */
  readonly #orderCounts = new Map<string, OrderCounts>()

  constructor(options: {
    readonly exchange: Exchange
    readonly clock: Clock
    readonly seed: number
    readonly limits: RequestLimits | false
    readonly requestsKept: number
  }) {
    this.exchange = options.exchange
    this.clock = options.clock
    this.keys = new KeyRing(options.seed)
    this.log = new RequestLog(options.requestsKept)
    this.isThrottling = options.limits !== false
    this.weights = new RequestWeights(options.limits === false ? {} : options.limits)
  }

  /** What the exchange believes the time is. */
  get serverMs(): number {
    return Math.floor(this.clock.now() + this.clockSkewMs)
  }

  /** Lets everything happen up to the clock's now. */
  advance(): void {
    this.exchange.advance(Math.floor(this.clock.now()))
  }

  orderCounts(account: string): OrderCounts {
    let counts = this.#orderCounts.get(account)
    if (counts === undefined) {
      counts = new OrderCounts()
      this.#orderCounts.set(account, counts)
    }
    return counts
  }

  async delay(ms: number): Promise<void> {
    // While a request is open a virtual clock stands still: sleeping on it would never end.
    if (this.clock instanceof VirtualClock) this.clock.jumpTo(this.clock.now() + ms)
    else await this.clock.sleep(ms)
  }
}
