import type { TradingResult } from '../actions/views.ts'
import { type BookState, strategyAt } from './book-state.ts'
import { differencesOf } from './levels.ts'
import type { ResultsStep } from './steps/results-step.ts'
import type { StrategyBook } from './strategy-book.ts'

/** While so many wait for being acknowledged, what else happens waits too, and comes later as one. */
export const pendingMax = 1_000

/** What a strategy is told now; `undefined` when nothing changed since it was told last. Costs as much as changed. */
export function resultsStep(state: BookState, strategyId: string, after: number): ResultsStep | undefined {
  const { seq, pending, touched } = strategyAt(state, strategyId)
  const given: TradingResult[] = []
  // A strategy that has booked more than this book knows of has outlived it: the numbers go on from there.
  let next = Math.max(seq, after)
  if (pending.length < pendingMax)
    for (const book of touched)
      for (const news of newsOf(book)) {
        next++
        given.push({ seq: next, ...news })
      }
  if (pending.length < pendingMax) touched.clear()
  const isAcknowledged = pending.some(result => result.seq <= after)
  if (given.length === 0 && !isAcknowledged && after <= seq) return undefined
  return { type: 'results', strategyId, after, given }
}

/** One for what changed, and one for each position that was closed; the postings go with the first. */
function* newsOf(book: StrategyBook): Generator<Omit<TradingResult, 'seq'>> {
  const postings = differencesOf(book)
  const { symbol, news, newsIntentId: intentId, newsAt, closed, mark } = book
  if (postings.length === 0 && closed.length === 0) return
  const note = news ?? 'mark'
  const at = news === undefined ? (mark?.at ?? 0) : newsAt
  yield { symbol, postings, note, closed: closed[0], intentId, at }
  for (const more of closed.slice(1)) yield { symbol, postings: [], note, closed: more, intentId, at: more.at }
}
