/** The strategies that the reference's README defines, as rules over bars. */
import type { BarRule, Broker, Trade } from '@org/backtest'
import { RollingMean } from './rolling-mean.ts'

type Params = Readonly<Record<string, number>>

const symbol = 'reference'

/** Parameters of a case by name; one that is missing is the case's fault. */
function parameter(params: Params, name: string): number {
  const value = params[name]
  if (typeof value === 'number') return value
  throw new Error(`the case gives no parameter ${name}`)
}

const tradesOf = (broker: Broker): readonly Trade[] => broker.market(symbol).trades
const isFlat = (broker: Broker) => broker.position(symbol) === 0
const isNothingWaiting = (broker: Broker) => broker.market(symbol).queue.length === 0

/** The default size: all of the buying power, less the smallest step of a double. */
const everything = 1 - Number.EPSILON
const buy = (broker: Broker, what: object = { fraction: everything }) => broker.place({ symbol, ...what })
const sell = (broker: Broker, fraction = everything) => broker.place({ symbol, fraction: -fraction })
const close = (broker: Broker) => broker.closePosition(symbol)

/** Rules that look at where two averages cross: +1 where the fast one was below and is above, -1 where it was above and is below, 0 else. */
function crossRule(params: Params, act: (cross: number, broker: Broker, close: number) => void): BarRule {
  const [fast, slow] = [parameter(params, 'fast'), parameter(params, 'slow')]
  const [fastMean, slowMean] = [new RollingMean(fast), new RollingMean(slow)]
  let known = 0
  let before = Number.NaN
  let now = Number.NaN
  return {
    warmUp: Math.max(fast, slow) - 1,
    step(i, bars, broker) {
      for (; known <= i; known++) {
        before = now
        now = fastMean.update(bars.close(known)) - slowMean.update(bars.close(known))
      }
      const cross = before < 0 && now > 0 ? 1 : before > 0 && now < 0 ? -1 : 0
      act(cross, broker, bars.close(i))
    },
  }
}

/** Entry off the price with a bracket around it, while nothing is open and nothing waits. */
function entryRule(params: Params, kind: 'limit' | 'stop'): BarRule {
  const [fraction, off, sl, tp] = ['frac', 'off', 'sl', 'tp'].map(name => parameter(params, name)) as [
    number,
    number,
    number,
    number,
  ]
  return {
    warmUp: 0,
    step(i, bars, broker) {
      if (!isFlat(broker) || !isNothingWaiting(broker)) return
      const price = bars.close(i) * (kind === 'limit' ? 1 - off : 1 + off)
      buy(broker, { fraction, [kind]: price, stopLoss: price * (1 - sl), takeProfit: price * (1 + tp) })
    },
  }
}

const rules: Readonly<Record<string, (params: Params) => BarRule>> = {
  Cross: params =>
    crossRule(params, (cross, broker) => {
      if (cross === 0) return
      close(broker)
      if (cross > 0) buy(broker)
      else sell(broker)
    }),

  CrossX: params =>
    crossRule(params, (cross, broker) => {
      if (cross > 0) buy(broker)
      if (cross < 0) sell(broker)
    }),

  CrossFixed(params) {
    const units = parameter(params, 'units')
    return crossRule(params, (cross, broker) => {
      if (cross > 0) buy(broker, { units })
      if (cross < 0 && !isFlat(broker)) buy(broker, { units: -units })
    })
  },

  Partial(params) {
    const [units, gain] = [parameter(params, 'units'), parameter(params, 'gain')]
    return crossRule(params, (cross, broker, price) => {
      if (cross > 0 && isFlat(broker)) buy(broker, { units })
      else if (cross < 0) close(broker)
      else
        for (const trade of [...tradesOf(broker)])
          if (trade.units === units && price >= trade.entryPrice * (1 + gain)) broker.closeTrade(trade, 0.5)
    })
  },

  Hold: () => ({
    warmUp: 0,
    step(_, __, broker) {
      if (isFlat(broker)) buy(broker)
    },
  }),

  Bracket(params) {
    const [fraction, sl, tp] = [parameter(params, 'frac'), parameter(params, 'sl'), parameter(params, 'tp')]
    const side = params['side'] ?? 1
    return {
      warmUp: 0,
      step(i, bars, broker) {
        if (!isFlat(broker)) return
        const price = bars.close(i)
        buy(broker, {
          fraction: side * fraction,
          stopLoss: price * (1 - side * sl),
          takeProfit: price * (1 + side * tp),
        })
      },
    }
  },

  LimitEntry: params => entryRule(params, 'limit'),
  StopEntry: params => entryRule(params, 'stop'),

  Donchian(params) {
    const n = parameter(params, 'n')
    return {
      warmUp: n,
      step(i, bars, broker) {
        const before = Array.from({ length: n }, (_, k) => i - n + k)
        const price = bars.close(i)
        if (isFlat(broker)) {
          if (price > Math.max(...before.map(k => bars.high(k)))) buy(broker)
        } else if (price < Math.min(...before.map(k => bars.low(k)))) close(broker)
      },
    }
  },
}

/** @throws Error for a strategy that the README does not define. */
export function referenceRule(strategy: string, params: Params): BarRule {
  const rule = rules[strategy]
  if (rule === undefined) throw new Error(`no strategy is named ${strategy}; known: ${Object.keys(rules).join(', ')}`)
  return rule(params)
}

export { symbol as referenceSymbol }
