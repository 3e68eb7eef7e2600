import type { Origin } from '@org/core'
import type { ExchangeAccount, ExchangeFill } from '../trading/exchange-account.ts'
import { arbitraged, type Prices, symbols } from '../trading/prices.ts'
import { balancesAtStart, type TradingFloor } from '../trading/trading-floor.ts'
import type { Require } from './check-grants.ts'
import type { Story } from './story.ts'

interface Holding {
  quantity: number
  /** With the sign of the quantity; fees not included. */
  cost: number
  /** After fees. */
  realised: number
}

/** Each level is rounded up to a millionth by itself. */
const tolerance = 1e-5
/** In place of a strategy: all that trade on one account, as the exchange nets them. */
const wholeAccount = ''
/** What is too small for an order of its own may be left over, in the quote asset; the exchanges of these worlds take orders from 1 on. */
const dustMax = 1.1

/**
 * Trading once more, from the exchanges' own fills and balances: who holds what at which cost, by average cost in plain numbers. Shares no code with
 * the bots' book, whose postings have to come to the same.
 */
export class TradingModel {
  readonly #holdings = new Map<string, Holding>()
  readonly #posted = new Map<string, Map<string, number>>()
  readonly #filled = new Map<string, number>()
  readonly #trades = new Set<string>()

  /** A trade at an exchange. */
  onFill(venueId: string, fill: ExchangeFill, story: Story | undefined, require: Require): void {
    const { tradeId, clientOrderId, strategyId, symbol } = fill
    apply(this.#holding(wholeAccount, venueId, symbol), fill)
    const holding = this.#holding(strategyId, venueId, symbol)
    const before = holding.quantity
    apply(holding, fill)
    const { quantity } = holding
    const isLess = Math.abs(quantity) < Math.abs(before) && quantity * before >= 0
    require(story?.intent.action !== 'close-position' || isLess, 'what reduces never crosses zero', () =>
      `${clientOrderId} took ${strategyId} from ${before} to ${quantity} ${symbol}`)
    const trade = `${venueId} ${tradeId}`
    const filled = (this.#filled.get(clientOrderId) ?? 0) + Number(fill.quantity)
    this.#filled.set(clientOrderId, filled)
    const ordered = Number((story?.intent.params as { readonly quantity?: string } | undefined)?.quantity ?? 0)
    const isOnce = !this.#trades.has(trade) && filled <= ordered + tolerance
    this.#trades.add(trade)
    require(isOnce, 'nothing is executed twice', () => `${clientOrderId} has ${filled} of ${ordered}`)
  }

  /** What budgets were told. */
  post({ strategyId, venueId, asset }: Origin, measure: string, micros: number): void {
    const key = keyOf(strategyId, venueId, asset ?? '')
    const posted = this.#posted.get(key) ?? new Map<string, number>()
    posted.set(measure, (posted.get(measure) ?? 0) + micros / 1e6)
    this.#posted.set(key, posted)
  }

  /** When all is calm and booked. */
  checkEnd({ accounts, prices, kind }: TradingFloor, require: Require): void {
    for (const account of accounts) {
      for (const strategyId of ['arbitrage', 'momentum'])
        for (const symbol of symbols) this.#checkBook(strategyId, account.id, symbol, prices, require)
      this.#checkEquity(account, kind, prices, require)
    }
    const alone = accounts.reduce((sum, { id }) => sum + this.#holding('arbitrage', id, arbitraged).quantity, 0)
    const isDust = Math.abs(alone) * prices.middle(arbitraged) < dustMax
    require(isDust, 'no leg stands alone once the world is calm', () => `arbitrage holds ${alone} ${arbitraged} more`)
  }

  #checkBook(strategyId: string, venueId: string, symbol: string, prices: Prices, require: Require): void {
    const { quantity, cost, realised } = this.#holding(strategyId, venueId, symbol)
    const isFlat = Math.abs(quantity) < tolerance
    const levels = {
      loss: -realised,
      'unrealised-loss': isFlat ? 0 : -this.#worthOf(strategyId, venueId, symbol, prices),
      exposure: Math.abs(cost),
      position: Math.abs(quantity),
      ...(isFlat ? { 'open-loss': 0 } : {}),
    }
    for (const [measure, level] of Object.entries(levels)) {
      const posted = this.#postedOf(strategyId, venueId, symbol, measure)
      require(Math.abs(posted - level) < tolerance, "the exchange's books agree with the journal", () =>
        `${strategyId} at ${venueId} in ${symbol}: ${measure} is ${level} and ${posted} was posted`)
    }
  }

  /** What the account is worth more or less is what the budgets were told, whoever held what. */
  #checkEquity({ id, balances }: ExchangeAccount, kind: TradingFloor['kind'], prices: Prices, require: Require): void {
    const isUsed = balances.size > 0
    let change = 0
    for (const [asset, atStart] of Object.entries(balancesAtStart)) {
      const price = asset === 'USDT' ? 1 : prices.middle(`${asset}/USDT`)
      if (isUsed) change += ((balances.get(asset) ?? 0) - Number(atStart)) * price
    }
    // On margin what is held is no balance.
    if (kind === 'margin') for (const symbol of symbols) change += this.#worthOf(wholeAccount, id, symbol, prices)
    let told = 0
    for (const [key, posted] of this.#posted)
      if (key.split(' ')[1] === id) told += (posted.get('loss') ?? 0) + (posted.get('unrealised-loss') ?? 0)
    require(Math.abs(change + told) < 10 * tolerance, "the change of an account's equity is what was posted", () =>
      `${id} has changed by ${change}, and ${told} of losses were posted`)
  }

  /** What is held is worth more than was paid for it. */
  #worthOf(strategyId: string, venueId: string, symbol: string, prices: Prices): number {
    const { quantity, cost } = this.#holding(strategyId, venueId, symbol)
    return quantity * prices.middle(symbol) - cost
  }

  #postedOf(strategyId: string, venueId: string, symbol: string, measure: string): number {
    return this.#posted.get(keyOf(strategyId, venueId, symbol))?.get(measure) ?? 0
  }

  #holding(strategyId: string, venueId: string, symbol: string): Holding {
    const key = keyOf(strategyId, venueId, symbol)
    const holding = this.#holdings.get(key) ?? { quantity: 0, cost: 0, realised: 0 }
    this.#holdings.set(key, holding)
    return holding
  }
}

function apply(holding: Holding, { side, price, quantity, fee }: ExchangeFill): void {
  const signed = side === 'buy' ? Number(quantity) : -Number(quantity)
  const before = holding.quantity
  const off = before * signed < 0 ? Math.sign(signed) * Math.min(Math.abs(signed), Math.abs(before)) : 0
  const costOff = before === 0 ? 0 : (holding.cost * -off) / before
  holding.realised += -off * Number(price) - costOff - Number(fee)
  holding.cost += (signed - off) * Number(price) - costOff
  // In thousandths, as the instruments of these worlds are traded.
  holding.quantity = Math.round((before + signed) * 1_000) / 1_000
}

function keyOf(strategyId: string, venueId: string, symbol: string): string {
  return `${strategyId} ${venueId} ${symbol}`
}
