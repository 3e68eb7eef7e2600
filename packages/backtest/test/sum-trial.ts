import type { Trial } from '@org/backtest'

/** Best at a = 3, b = 20; one point throws and one has no score. Counts what it was given. */
export const trial: Trial = ({ parameters, from = 0, to = 0 }, data) => {
  const { a, b } = parameters as { readonly a: number; readonly b: number }
  if (a === 2 && b === 10) throw new Error('a trial that fails')
  if (a === 1 && b === 30) return { score: Number.NaN }
  const { offset } = data as { readonly offset: number }
  return { score: offset - (a - 3) ** 2 - ((b - 20) / 10) ** 2, figures: { from, to } }
}
