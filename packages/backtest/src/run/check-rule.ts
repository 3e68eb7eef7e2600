import { type Random, seededRandom } from '@org/core'
import type { BarColumns } from '../bars/bar-columns.ts'
import type { Order } from '../broker/order.ts'
import type { BrokerOptions } from '../broker/rules.ts'
import { type BarRule, replayBars } from './replay-bars.ts'

export interface RuleCheckOptions {
  readonly symbol: string
  readonly bars: BarColumns
  /** A new rule for the bars it is given: where indicators are made from all of them at once, this is where they are. */
  readonly rule: (bars: BarColumns) => BarRule
  readonly broker: BrokerOptions
  /** Places at which history is cut. @default 20 */
  readonly cuts?: number
  readonly random?: Random
}

/** A decision that was another one with another history. */
export interface RuleDifference {
  /** The bar after which it was made, in the whole history. */
  readonly bar: number
  readonly withAll: string
  readonly withPart: string
}

/**
 * Does a rule decide the same when what comes later does not exist? Runs it over histories that end early and compares all that was placed. An
 * empty list: nothing of the future was seen at these cuts.
 */
export function checkLookAhead(options: RuleCheckOptions): RuleDifference[] {
  const { bars, cuts = 20, random = seededRandom(1) } = options
  const all = decisionsOf(options, bars)
  const found: RuleDifference[] = []
  for (let cut = 0; cut < cuts; cut++) {
    const length = 2 + Math.floor(random.next() * (bars.length - 2))
    const part = decisionsOf(options, bars.first(length))
    const bar = part.findIndex((decision, i) => decision !== all[i])
    if (bar >= 0) found.push({ bar, withAll: all[bar] ?? '', withPart: part[bar] ?? '' })
  }
  return found
}

/**
 * Does a rule decide the same when history begins later? Averages that never forget their beginning need a warm-up; the differences say how long it
 * takes until they are gone: the last bar at which the two still differ, counted from the later beginning. -1: none.
 *
 * @param from The bar with which the shorter history begins.
 */
export function checkRecursion(options: RuleCheckOptions, from: number): number {
  const { bars } = options
  const all = decisionsOf(options, bars)
  const late = decisionsOf(options, bars.last(bars.length - from))
  return late.findLastIndex((decision, i) => decision !== all[from + i])
}

/** What was placed after each bar, in words. Positions are left out: they follow from what was placed before. */
function decisionsOf({ symbol, rule, broker }: RuleCheckOptions, bars: BarColumns): string[] {
  const decisions = new Array<string>(bars.length).fill('')
  const inner = rule(bars)
  const watched: BarRule = {
    warmUp: inner.warmUp,
    step(i, known, account) {
      const before = new Set(account.market(symbol).queue)
      inner.step(i, known, account)
      decisions[i] = account
        .market(symbol)
        .queue.filter(order => !before.has(order))
        .map(describe)
        .join('; ')
    },
  }
  replayBars({ symbol, bars, rule: watched, broker })
  return decisions
}

function describe({ role, isBuy, limit, stop }: Order): string {
  const levels = [limit === undefined ? '' : ` limit ${limit}`, stop === undefined ? '' : ` stop ${stop}`]
  return `${role} ${isBuy ? 'buy' : 'sell'}${levels.join('')}`
}
