import { type CallOptions, Decimal, InvalidInputError, type Json, type Store } from '@org/core'
import { z } from 'zod'
import type { Balance } from '../actions/views.ts'
import { assetsOf } from '../book/symbol-assets.ts'
import {
  type AccountSnapshot,
  accountSnapshotSchema,
  countedSince,
  lateTradesMs,
  notCounted,
  snapshotOf,
  type UnexplainedBalance,
  unexplained,
} from './balance-check.ts'
import { ExchangeError } from './exchange-error.ts'
import { findOrder, soughtOrder } from './find-order.ts'
import { arrivalMsMax, type ExchangeHands } from './hands.ts'
import { tradesSince, withClientIds } from './own-trades.ts'
import { type ExchangeOrder, type ExchangeTrade, readBalances, readOrder } from './read-account.ts'
import { endIfWhole, takeInFills } from './take-in.ts'
import { untilAborted } from './until-aborted.ts'

/** An asset in which new risk stops until somebody has looked. */
export interface Mismatch extends UnexplainedBalance {
  /** Milliseconds since the epoch. */
  readonly since: number
}

const stateSchema = z.object({ symbols: z.array(z.string()), snapshot: accountSnapshotSchema.optional() })

/** By asset. Apart from the rest, and read whenever it counts: another process of the account may have halted or resolved one. */
const haltsSchema = z.record(
  z.string(),
  z.object({ asset: z.string(), expected: z.string(), actual: z.string(), since: z.number() }),
)

/** Longer ago: a new question to the exchange. */
export interface WatchAges {
  readonly fillsMsMax: number
  readonly balancesMsMax: number
}

/**
 * Keeps the book like the exchange: fills and ends of orders, whoever made them, and balances that these explain. What they do not explain halts the
 * asset. Symbols join when they are first traded.
 */
export class AccountWatch {
  readonly #hands: ExchangeHands
  readonly #store: Pick<Store, 'loadState' | 'saveState'>
  readonly #key: string
  readonly #ages: WatchAges
  readonly #symbols = new Set<string>()
  /** By symbol: when the newest trade was that this process has seen. */
  readonly #seenAt = new Map<string, number>()
  #snapshot: AccountSnapshot | undefined
  #fillsAt = Number.NEGATIVE_INFINITY
  #balancesAt = Number.NEGATIVE_INFINITY
  #looking: Promise<void> | undefined

  private constructor(hands: ExchangeHands, store: Pick<Store, 'loadState' | 'saveState'>, ages: WatchAges) {
    this.#hands = hands
    this.#store = store
    this.#key = `exchange:${hands.venueId}:account`
    this.#ages = ages
  }

  static async open(
    hands: ExchangeHands,
    store: Pick<Store, 'loadState' | 'saveState'>,
    options: WatchAges & { readonly symbols: readonly string[] },
  ): Promise<AccountWatch> {
    const watch = new AccountWatch(hands, store, options)
    const saved = await watch.#load(watch.#key, stateSchema, { symbols: [] })
    for (const symbol of [...saved.symbols, ...options.symbols]) watch.#symbols.add(symbol)
    watch.#snapshot = saved.snapshot
    return watch
  }

  get symbols(): readonly string[] {
    return [...this.#symbols]
  }

  async mismatches(): Promise<readonly Mismatch[]> {
    return Object.values(await this.#halts())
  }

  /** Before the first order leaves: what is there now is inventory. */
  async begin(options: CallOptions): Promise<void> {
    if (this.#snapshot === undefined) await this.#firstSnapshot(options)
  }

  /** From now on its orders and fills are looked at. */
  async join(symbol: string): Promise<void> {
    if (this.#symbols.has(symbol)) return
    this.#symbols.add(symbol)
    await this.#save()
  }

  /** The next look asks the exchange, however young the last is. */
  touch(): void {
    this.#fillsAt = Number.NEGATIVE_INFINITY
  }

  /** @throws {ExchangeError} `POSITION_MISMATCH` when an asset of the symbol is halted. */
  async requireExplained(symbol: string): Promise<void> {
    const { base, quote } = assetsOf(symbol)
    const halts = await this.#halts()
    const mismatch = halts[base] ?? halts[quote]
    if (mismatch === undefined) return
    throw new ExchangeError({
      code: 'POSITION_MISMATCH',
      message: `${this.#hands.venueId} ${symbol}: the account has ${mismatch.actual} ${mismatch.asset} where ${mismatch.expected} were expected; find out why, then resolveMismatch('${symbol}', by, reason); closing still works; nothing was sent`,
      details: { ...mismatch },
    })
  }

  /** Takes the balances as they are now for right. */
  async resolve(symbol: string, by: string, reason: string, options: CallOptions): Promise<void> {
    if (by.trim() === '' || reason.trim() === '')
      throw new InvalidInputError({ message: 'resolveMismatch: say who resolves it, and why' })
    await this.look({ balances: true, ...options })
    const halts = { ...(await this.#halts()) }
    for (const asset of Object.values(assetsOf(symbol))) {
      const mismatch = halts[asset]
      if (mismatch === undefined) continue
      delete halts[asset]
      this.#hands.logger.warn(
        { ...mismatch, by, reason },
        `${this.#hands.venueId}: ${asset} is traded again: ${reason}`,
      )
    }
    await this.#saveHalts(halts)
  }

  /** Looks where the last look is too old. One look at a time; who comes meanwhile shares it. */
  async refresh(options: CallOptions): Promise<void> {
    if (this.#looking !== undefined) {
      const isDone = await untilAborted(
        this.#looking.then(
          () => true,
          () => false,
        ),
        options.signal,
      )
      if (isDone) return
    }
    const now = this.#hands.clock.now()
    // A clock that stepped back must not make a look last for ever.
    const isOld = (at: number, msMax: number) => !(now - at < msMax) || at > now
    const balances = isOld(this.#balancesAt, this.#ages.balancesMsMax)
    if (balances || isOld(this.#fillsAt, this.#ages.fillsMsMax)) await this.look({ ...options, balances })
  }

  async look(options: CallOptions & { readonly balances: boolean }): Promise<void> {
    while (this.#looking !== undefined) await this.#looking.catch(() => {})
    this.#looking = this.#look(options).finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(options: CallOptions & { readonly balances: boolean }): Promise<void> {
    const { clock } = this.#hands
    const startedAt = clock.now()
    const ended = new Map<string, readonly EndedOrder[]>()
    for (const symbol of this.#symbols) ended.set(symbol, await this.#endedOrders(symbol, options))
    const hasCompared = options.balances && (await this.#seeBalances(options))
    if (!options.balances) await this.#seeFills(options)
    for (const orders of ended.values())
      for (const { clientOrderId, order } of orders) await endIfWhole(this.#hands, clientOrderId, order)
    this.#fillsAt = startedAt
    if (hasCompared) this.#balancesAt = startedAt
    await this.#save()
  }

  /** What was there before is inventory: nobody's result. */
  async #firstSnapshot(options: CallOptions): Promise<void> {
    const { client, clock } = this.#hands
    const at =
      client.exchange.has['fetchTime'] === true
        ? Number(await client.read('fetchTime', exchange => exchange.fetchTime(), options))
        : clock.now()
    const startedAt = Number.isFinite(at) ? at : clock.now()
    this.#snapshot = snapshotOf(startedAt, startedAt, await this.#balances(options), new Map())
    await this.#save()
  }

  /** Orders that the book has as open and the exchange has not. */
  async #endedOrders(symbol: string, options: CallOptions): Promise<readonly EndedOrder[]> {
    const { book, client, ids, clock } = this.#hands
    const open = book.openOrders(symbol)
    if (open.length === 0) return []
    const rows = await client.read('fetchOpenOrders', exchange => exchange.fetchOpenOrders(symbol), options)
    const there = new Set<string>()
    for (const row of rows) {
      const { orderId, clientOrderId } = readOrder(client.exchange.id, row)
      there.add(orderId)
      if (clientOrderId === undefined) continue
      there.add(clientOrderId)
      ids.learn(orderId, clientOrderId)
    }
    const ended: EndedOrder[] = []
    for (const { clientOrderId, at } of open) {
      const orderId = ids.orderIdOf(clientOrderId)
      if (there.has(clientOrderId) || (orderId !== undefined && there.has(orderId))) continue
      const lookup = await findOrder(client, soughtOrder(this.#hands, symbol, clientOrderId), options)
      if (lookup.kind === 'found') {
        ids.learn(lookup.order.orderId, clientOrderId)
        ended.push({ clientOrderId, order: lookup.order })
      } else if (lookup.kind === 'absent' && clock.now() - at > arrivalMsMax)
        await book.end(clientOrderId, 'rejected', clock.now())
    }
    return ended
  }

  async #seeFills(options: CallOptions): Promise<void> {
    const snapshot = this.#snapshot as AccountSnapshot
    for (const symbol of this.#symbols) {
      const seenAt = this.#seenAt.get(symbol) ?? Number.NEGATIVE_INFINITY
      await this.#tradesOf(symbol, Math.max(countedSince(snapshot, symbol), seenAt - lateTradesMs), options)
    }
  }

  async #tradesSinceSnapshot(options: CallOptions): Promise<ReadonlyMap<string, readonly ExchangeTrade[]>> {
    await this.#learnSymbols()
    const snapshot = this.#snapshot as AccountSnapshot
    const trades = new Map<string, readonly ExchangeTrade[]>()
    for (const symbol of this.#symbols)
      trades.set(symbol, await this.#tradesOf(symbol, countedSince(snapshot, symbol), options))
    return trades
  }

  /**
   * Balances between two looks at the trades that show the same ones: nothing moved meanwhile. A difference is one if it is the same a moment later,
   * since exchanges book balances and trades in two places.
   *
   * @returns False: too busy to compare now; the snapshot stays, and the next look compares with it.
   */
  async #seeBalances(options: CallOptions): Promise<boolean> {
    let before: readonly UnexplainedBalance[] | undefined
    let trades = await this.#tradesSinceSnapshot(options)
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const balances = await this.#balances(options)
      const after = await this.#tradesSinceSnapshot(options)
      const isQuiet = countOf(after) === countOf(trades)
      trades = after
      if (!isQuiet) continue
      const snapshot = this.#snapshot as AccountSnapshot
      const fresh = [...after].flatMap(([symbol, all]) => notCounted(snapshot, symbol, all))
      const differences = unexplained(snapshot, balances, fresh, this.symbols)
      if (differences.length === 0 || (before !== undefined && isSame(before, differences))) {
        if (differences.length > 0) await this.#halt(differences)
        const newest = Math.max(snapshot.at, ...fresh.map(({ at }) => at))
        this.#snapshot = snapshotOf(snapshot.startedAt, newest, balances, after)
        return true
      }
      before = differences
      await this.#hands.clock.sleep(settleMs, options)
    }
    return false
  }

  /** Booked before they are counted: what the snapshot holds, the book has. */
  async #tradesOf(symbol: string, since: number, options: CallOptions): Promise<readonly ExchangeTrade[]> {
    const { client, ids } = this.#hands
    const trades = await tradesSince(client, symbol, since, options)
    await takeInFills(this.#hands, await withClientIds(client, ids, symbol, trades, options))
    const newest = trades.at(-1)?.at
    if (newest !== undefined) this.#seenAt.set(symbol, newest)
    return trades
  }

  async #balances(options: CallOptions): Promise<readonly Balance[]> {
    const { client } = this.#hands
    return readBalances(client.exchange.id, await client.read('fetchBalance', each => each.fetchBalance(), options))
  }

  async #halt(differences: readonly UnexplainedBalance[]): Promise<void> {
    const { logger, venueId, clock } = this.#hands
    const halts = { ...(await this.#halts()) }
    for (const difference of differences) {
      const { asset, expected, actual } = difference
      if (halts[asset] === undefined)
        logger.error(
          { code: 'POSITION_MISMATCH', ...difference },
          `${venueId}: the account has ${actual} ${asset} where ${expected} were expected (${Decimal.of(actual).minus(expected).text}); new risk in it stops until resolveMismatch`,
        )
      halts[asset] = { ...difference, since: halts[asset]?.since ?? clock.now() }
    }
    await this.#saveHalts(halts)
  }

  #halts(): Promise<Readonly<Record<string, Mismatch>>> {
    return this.#load(`${this.#key}:halts`, haltsSchema, {})
  }

  async #saveHalts(halts: Readonly<Record<string, Mismatch>>): Promise<void> {
    await this.#hands.clock.track(this.#store.saveState(`${this.#key}:halts`, halts as unknown as Json))
  }

  /** Other processes of the account add symbols of their own: trades in these explain balances too. */
  async #learnSymbols(): Promise<void> {
    const { symbols } = await this.#load(this.#key, stateSchema, { symbols: [] })
    for (const symbol of symbols) this.#symbols.add(symbol)
  }

  async #save(): Promise<void> {
    await this.#learnSymbols()
    const state = {
      symbols: this.symbols,
      ...(this.#snapshot === undefined ? {} : { snapshot: this.#snapshot }),
    }
    await this.#hands.clock.track(this.#store.saveState(this.#key, state as unknown as Json))
  }

  async #load<Value>(key: string, schema: z.ZodType<Value>, absent: Value): Promise<Value> {
    const saved = await this.#hands.clock.track(this.#store.loadState(key))
    if (saved === undefined) return absent
    const parsed = schema.safeParse(saved)
    if (parsed.success) return parsed.data
    throw new InvalidInputError({
      code: 'STATE_UNREADABLE',
      message: `what ${this.#hands.venueId} remembered of its account does not fit this version; remove its state ${key} or run the version that wrote it`,
    })
  }
}

interface EndedOrder {
  readonly clientOrderId: string
  readonly order: ExchangeOrder
}

const attemptsMax = 4
/** How long an exchange may take to show in the balances what its trades show. */
const settleMs = 2_000

function countOf(trades: ReadonlyMap<string, readonly ExchangeTrade[]>): number {
  return [...trades.values()].reduce((sum, { length }) => sum + length, 0)
}

function isSame(a: readonly UnexplainedBalance[], b: readonly UnexplainedBalance[]): boolean {
  const difference = ({ asset, expected, actual }: UnexplainedBalance) =>
    `${asset} ${Decimal.of(actual).minus(expected).text}`
  return a.length === b.length && a.every((each, i) => difference(each) === difference(b[i] as UnexplainedBalance))
}
