import { createHash } from 'node:crypto'
import type { Clock, Fact, Micros, Store } from '@org/core'
import { ExchangeError } from './exchange-error.ts'

/** Exchanges count by the minute. */
const windowMs = 60_000
const blocksPerWindow = 20
const blockMs = windowMs / blocksPerWindow
/** Blocks that nobody took can be made up for, but not all at once: many exchanges have a bucket, not a window. */
const blocksLateMax = 5
/** Longer stops (a ban) are said, not waited for. */
const waitMsMax = windowMs

/**
 * The request weight of one account, shared by all processes on one store.
 *
 * Each minute's weight is cut into twenty blocks, which become free one after the other. Who needs weight claims a whole block: one commit of an
 * operation with the block's own id, which succeeds for one process alone. Weight that is left at the end of a minute is forgotten. An exchange
 * that has said "too often" is asked nothing by anybody until the time it gave.
 */
export class RequestPace {
  readonly #store: Store
  readonly #clock: Clock
  readonly #key: string
  readonly #exchange: string
  readonly #weightPerBlock: number
  #window = -1
  #left = 0
  #turn: Promise<void> = Promise.resolve()

  /** @param options `account` names who is counted, see {@link paceAccount}; `weightPerMinute` in ccxt's units. */
  constructor(options: {
    readonly store: Store
    readonly clock: Clock
    readonly exchange: string
    readonly account: string
    readonly weightPerMinute: number
  }) {
    this.#store = options.store
    this.#clock = options.clock
    this.#exchange = options.exchange
    this.#key = `pace:${options.account}`
    this.#weightPerBlock = options.weightPerMinute / blocksPerWindow
  }

  /**
   * Resolves when a request of this weight may leave. First come, first served within a process.
   *
   * @throws {ExchangeError} `RATE_LIMITED` when the exchange has banned the account for longer than a minute.
   * @throws {AbortedError}
   */
  take(weight: number, signal: AbortSignal | undefined): Promise<void> {
    const taken = this.#turn.then(() => this.#take(weight, signal))
    this.#turn = taken.catch(() => {})
    return taken
  }

  /** Stops every process of the account until `untilMs`. */
  async stop(untilMs: number): Promise<void> {
    if (untilMs > (await this.#stoppedUntilMs()))
      await this.#clock.track(this.#store.saveState(`${this.#key}:stop`, untilMs))
  }

  async #take(asked: number, signal: AbortSignal | undefined): Promise<void> {
    // Heavier than what half a minute holds: it would wait for ever.
    const weight = Math.min(asked, (this.#weightPerBlock * blocksPerWindow) / 2)
    for (;;) {
      const nowMs = this.#clock.now()
      const stoppedMs = (await this.#stoppedUntilMs()) - nowMs
      if (stoppedMs > 0) {
        if (stoppedMs > waitMsMax) throw this.#stopped(stoppedMs)
        await this.#clock.sleep(stoppedMs, { signal })
        continue
      }
      const window = Math.floor(nowMs / windowMs)
      if (window !== this.#window) {
        this.#window = window
        this.#left = 0
      }
      // Weights are fractions in ccxt's units: sums of them must not miss by a rounding error.
      if (this.#left >= weight - 1e-9) {
        this.#left -= weight
        return
      }
      if (await this.#claim(window, nowMs)) this.#left += this.#weightPerBlock
      else await this.#clock.sleep(blockMs - (nowMs % blockMs), { signal })
    }
  }

  /** One block of this minute that is free by now and that nobody has. */
  async #claim(window: number, nowMs: number): Promise<boolean> {
    const newest = Math.floor((nowMs % windowMs) / blockMs)
    const oldest = Math.max(0, newest - blocksLateMax + 1)
    return this.#clock.track(
      this.#store.commit(({ operations }) => {
        for (let block = oldest; block <= newest; block++) {
          const id = `${this.#key}:${window}:${block}`
          if (operations.has(id)) continue
          const fact: Fact = { type: 'account-operation', operation: { id, kind: 'spend', amount: 0 as Micros } }
          return { facts: [fact], at: nowMs, result: true }
        }
        return { facts: [], at: nowMs, result: false }
      }),
    )
  }

  async #stoppedUntilMs(): Promise<number> {
    const saved = await this.#clock.track(this.#store.loadState(`${this.#key}:stop`))
    return typeof saved === 'number' ? saved : 0
  }

  #stopped(ms: number): ExchangeError {
    return new ExchangeError({
      code: 'RATE_LIMITED',
      message: `${this.#exchange}: asked too often before, so nothing is sent for another ${Math.ceil(ms / 1_000)} s; scan less often, or stop other programs that use this account or address`,
      retryable: true,
      retryAfterMs: ms,
    })
  }
}

/** Names an account without telling its key. */
export function paceAccount(exchange: string, keyOrAddress: string): string {
  return `${exchange}:${createHash('sha256').update(keyOrAddress).digest('hex').slice(0, 12)}`
}
