/**
 * The rules of matching written for the eye: one list of orders, searched and sorted anew for each step; what is locked is summed up from the open
 * orders. Prices are ticks, quantities lots, and one lot at one tick is one unit of the quote asset.
 */

export interface SlowAsk {
  readonly trader: number
  readonly side: 'BUY' | 'SELL'
  readonly type: string
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK'
  readonly price: number
  readonly lots: number
  readonly quote: number
  readonly stop: number
  readonly prevention: string
}

export interface SlowOrder extends SlowAsk {
  status: string
  filled: number
  filledQuote: number
  /** Since when it stands in the book; undefined while it does not. */
  entered: number | undefined
  isParked: boolean
}

interface Purse {
  base: number
  quote: number
}

const isLimit = (ask: SlowAsk) => ask.type.includes('LIMIT')
const isStop = (ask: SlowAsk) => ask.type.startsWith('STOP') || ask.type.startsWith('TAKE')
const waitsForRise = (ask: SlowAsk) => (ask.side === 'BUY') === ask.type.startsWith('STOP')

export class SlowExchange {
  readonly orders: SlowOrder[] = []
  readonly purses: readonly Purse[]
  readonly fees: Purse = { base: 0, quote: 0 }
  readonly #makerFeePercent: number
  readonly #takerFeePercent: number
  #entries = 0
  last = 0

  /** Fees are in per cent of what is received, rounded down to whole units. */
  constructor(purses: readonly Purse[], makerFeePercent: number, takerFeePercent: number) {
    this.purses = purses.map(purse => ({ ...purse }))
    this.#makerFeePercent = makerFeePercent
    this.#takerFeePercent = takerFeePercent
  }

  open(): SlowOrder[] {
    return this.orders.filter(order => order.status === 'NEW' || order.status === 'PARTIALLY_FILLED')
  }

  locked(trader: number): Purse {
    const locked = { base: 0, quote: 0 }
    for (const order of this.open()) {
      if (order.trader !== trader || (!order.isParked && order.entered === undefined)) continue
      const left = order.lots - order.filled
      if (order.side === 'SELL') locked.base += left
      else locked.quote += left * (isLimit(order) ? order.price : order.stop)
    }
    return locked
  }

  free(trader: number): Purse {
    const purse = this.purses[trader] as Purse
    const locked = this.locked(trader)
    return { base: purse.base - locked.base, quote: purse.quote - locked.quote }
  }

  /** Opposite orders that `ask` could meet, in the order in which it would. */
  #candidates(ask: SlowAsk): SlowOrder[] {
    const sign = ask.side === 'BUY' ? 1 : -1
    return this.open()
      .filter(order => order.entered !== undefined && order.side !== ask.side)
      .filter(order => !isLimit(ask) || order.price * sign <= ask.price * sign)
      .sort((a, b) => (a.price - b.price) * sign || (a.entered ?? 0) - (b.entered ?? 0))
  }

  /** What `ask` would get at once. */
  #walk(ask: SlowAsk): { lots: number; quote: number } {
    let lots = 0
    let quote = 0
    for (const maker of this.#candidates(ask)) {
      if (maker.trader === ask.trader) {
        if (ask.prevention === 'EXPIRE_MAKER') continue
        break
      }
      const wanted = ask.lots > 0 ? ask.lots - lots : Math.floor((ask.quote - quote) / maker.price)
      const taken = Math.min(wanted, maker.lots - maker.filled)
      if (taken === 0) break
      lots += taken
      quote += taken * maker.price
    }
    return { lots, quote }
  }

  #affords(ask: SlowAsk): boolean {
    const free = this.free(ask.trader)
    if (isLimit(ask)) return ask.side === 'BUY' ? ask.price * ask.lots <= free.quote : ask.lots <= free.base
    if (ask.side === 'BUY') return (ask.lots > 0 ? this.#walk(ask).quote : ask.quote) <= free.quote
    return (ask.lots > 0 ? ask.lots : this.#walk(ask).lots) <= free.base
  }

  /** The order, or why it was not taken. */
  place(ask: SlowAsk): SlowOrder | string {
    if (isStop(ask)) {
      if (this.last > 0 && (waitsForRise(ask) ? this.last >= ask.stop : this.last <= ask.stop)) return 'would-trigger'
      const free = this.free(ask.trader)
      const cost = ask.lots * (isLimit(ask) ? ask.price : ask.stop)
      if (ask.side === 'BUY' ? cost > free.quote : ask.lots > free.base) return 'insufficient-balance'
    } else {
      if (!this.#affords(ask)) return 'insufficient-balance'
      if (ask.type === 'LIMIT_MAKER' && this.#candidates(ask).length > 0) return 'would-take'
    }
    const order: SlowOrder = {
      ...ask,
      status: 'NEW',
      filled: 0,
      filledQuote: 0,
      entered: undefined,
      isParked: isStop(ask),
    }
    this.orders.push(order)
    if (order.isParked) return order
    const lastBefore = this.orders.map(each => each.filled).reduce((a, b) => a + b, 0)
    this.#work(order)
    if (this.orders.map(each => each.filled).reduce((a, b) => a + b, 0) > lastBefore) this.#trigger()
    return order
  }

  cancel(order: SlowOrder): boolean {
    if (!this.open().includes(order)) return false
    order.status = 'CANCELED'
    return true
  }

  #work(order: SlowOrder): void {
    if (isLimit(order) && order.timeInForce === 'FOK' && this.#walk(order).lots < order.lots) {
      order.status = 'EXPIRED'
      return
    }
    let isSated = false
    while (this.open().includes(order)) {
      const [maker] = this.#candidates(order)
      if (maker === undefined) break
      const wanted =
        order.lots > 0 ? order.lots - order.filled : Math.floor((order.quote - order.filledQuote) / maker.price)
      if (wanted === 0) {
        isSated = order.filled > 0
        break
      }
      if (maker.trader === order.trader) {
        if (order.prevention !== 'EXPIRE_TAKER') maker.status = 'EXPIRED_IN_MATCH'
        if (order.prevention !== 'EXPIRE_MAKER') order.status = 'EXPIRED_IN_MATCH'
        continue
      }
      this.#trade(order, maker, Math.min(wanted, maker.lots - maker.filled))
    }
    if (!this.open().includes(order)) return
    if (isLimit(order) && order.timeInForce === 'GTC') order.entered = ++this.#entries
    else order.status = isSated ? 'FILLED' : 'EXPIRED'
  }

  #trade(taker: SlowOrder, maker: SlowOrder, lots: number): void {
    const quote = lots * maker.price
    for (const [order, feePercent] of [
      [taker, this.#takerFeePercent],
      [maker, this.#makerFeePercent],
    ] as const) {
      const purse = this.purses[order.trader] as Purse
      const received = order.side === 'BUY' ? lots : quote
      const fee = Math.floor((received * feePercent) / 100)
      if (order.side === 'BUY') {
        purse.base += lots - fee
        purse.quote -= quote
        this.fees.base += fee
      } else {
        purse.base -= lots
        purse.quote += quote - fee
        this.fees.quote += fee
      }
      order.filled += lots
      order.filledQuote += quote
      order.status = order.filled === order.lots ? 'FILLED' : 'PARTIALLY_FILLED'
    }
    this.last = maker.price
  }

  /** Sets off what the last price sets off: rising stops before falling ones, nearest first, then the older. */
  #trigger(): void {
    for (;;) {
      const parked = this.open().filter(order => order.isParked)
      const rising = parked
        .filter(order => waitsForRise(order) && this.last >= order.stop)
        .sort((a, b) => a.stop - b.stop)
      const falling = parked
        .filter(order => !waitsForRise(order) && this.last <= order.stop)
        .sort((a, b) => b.stop - a.stop)
      const next = rising[0] ?? falling[0]
      if (next === undefined) return
      next.isParked = false
      if (this.#affords(next)) this.#work(next)
      else next.status = 'EXPIRED'
    }
  }
}
