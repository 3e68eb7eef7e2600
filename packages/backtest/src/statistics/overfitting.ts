import { InvalidInputError } from '@org/core'
import { meanOf, varianceOf } from './moments.ts'

/** Halves of sixteen blocks are 12,870; more would take long and tell no more. */
const blocksMax = 16

/**
 * The probability that the trial which was best on one half of history is below the median of all trials on the other: how much a search has
 * fitted noise. 0 is good, about 0.5 is a search that finds nothing, more is worse than nothing. `undefined` for fewer than two trials or two
 * returns a block.
 *
 * History is cut into blocks; every choice of half of them is what the search sees, the rest is what comes after.
 *
 * Source: Bailey, Borwein, López de Prado and Zhu, "The Probability of Backtest Overfitting", 2015 (combinatorially symmetric cross-validation).
 *
 * @param returnsOfTrials Of each trial its return in each period, all of the same periods.
 * @param blocks An even number, at most 16. @default 10
 * @throws InvalidInputError `INVALID_OPTION` for blocks out of range or trials of different lengths.
 */
export function overfittingProbability(
  returnsOfTrials: readonly (readonly number[])[],
  { blocks = 10 }: { readonly blocks?: number } = {},
): number | undefined {
  const length = returnsOfTrials[0]?.length ?? 0
  if (!(Number.isInteger(blocks / 2) && blocks >= 2 && blocks <= blocksMax))
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `blocks: expected an even number from 2 to ${blocksMax}, was ${blocks}`,
    })
  if (returnsOfTrials.some(returns => returns.length !== length))
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: 'trials: expected returns of the same periods for all',
    })
  if (returnsOfTrials.length < 2 || length < 2 * blocks) return undefined
  const halves = halvesOf(blocks)
  let below = 0
  for (const half of halves) {
    const isSeen = (i: number) => half.has(Math.min(blocks - 1, Math.floor((i * blocks) / length)))
    const seen = returnsOfTrials.map(returns => sharpeOf(returns.filter((_, i) => isSeen(i))))
    const after = returnsOfTrials.map(returns => sharpeOf(returns.filter((_, i) => !isSeen(i))))
    const best = after[seen.indexOf(Math.max(...seen))] as number
    const worse = after.filter(sharpe => sharpe < best).length
    const same = after.filter(sharpe => sharpe === best).length - 1
    if (worse + same / 2 < (after.length - 1) / 2) below++
  }
  return below / halves.length
}

/** Every choice of half of the blocks. */
function halvesOf(blocks: number): ReadonlySet<number>[] {
  const halves: ReadonlySet<number>[] = []
  for (let mask = 0; mask < 2 ** blocks; mask++) {
    const chosen = Array.from({ length: blocks }, (_, i) => i).filter(i => (mask >> i) & 1)
    if (chosen.length === blocks / 2) halves.push(new Set(chosen))
  }
  return halves
}

/** Of a period. One that never moves has earned nothing. */
function sharpeOf(returns: readonly number[]): number {
  const deviation = Math.sqrt(varianceOf(returns))
  return deviation > 0 ? meanOf(returns) / deviation : 0
}
