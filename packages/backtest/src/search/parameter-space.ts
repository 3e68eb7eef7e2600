import { InvalidInputError, type Random } from '@org/core'

export type ParameterValue = number | string | boolean

/** One choice for each parameter. */
export type Parameters = Readonly<Record<string, ParameterValue>>

/** What each parameter may be: a list, or numbers from one to another. */
export type ParameterSpace = Readonly<
  Record<string, readonly ParameterValue[] | { readonly from: number; readonly to: number; readonly step: number }>
>

/** A mistyped step must not fill the memory. */
const pointsMax = 1_000_000

/**
 * Every combination, the last parameter turning fastest.
 *
 * @throws InvalidInputError `INVALID_OPTION` for a parameter without values, or for more than a million combinations.
 * @example
 * gridOf({ fast: [5, 10], slow: { from: 20, to: 40, step: 20 } }).length // 4
 */
export function gridOf(space: ParameterSpace): Parameters[] {
  const axes = axesOf(space)
  const count = axes.reduce((product, [, values]) => product * values.length, 1)
  if (count > pointsMax)
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `space: expected at most ${pointsMax} combinations, was ${count}; search at random instead`,
    })
  return Array.from({ length: count }, (_, i) => pointAt(axes, i))
}

/** `count` different combinations, or all there are. */
export function randomPointsOf(space: ParameterSpace, count: number, random: Random): Parameters[] {
  const axes = axesOf(space)
  const all = axes.reduce((product, [, values]) => product * values.length, 1)
  const chosen = new Set<number>()
  while (chosen.size < Math.min(count, all)) chosen.add(Math.floor(random.next() * all))
  return [...chosen].map(i => pointAt(axes, i))
}

type Axis = readonly [name: string, values: readonly ParameterValue[]]

function axesOf(space: ParameterSpace): Axis[] {
  return Object.entries(space).map(([name, range]) => {
    const values = isList(range) ? range : steps(range)
    if (values.length > 0) return [name, values]
    throw new InvalidInputError({ code: 'INVALID_OPTION', message: `space: expected at least one value for ${name}` })
  })
}

function isList(range: ParameterSpace[string]): range is readonly ParameterValue[] {
  return Array.isArray(range)
}

function steps({ from, to, step }: { readonly from: number; readonly to: number; readonly step: number }): number[] {
  if (!(step > 0 && to >= from && (to - from) / step < pointsMax)) return []
  // A hair more, so that 0.1 to 0.3 in steps of 0.1 has three values.
  const count = Math.floor((to - from) / step + 1e-9) + 1
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toPrecision(12)))
}

function pointAt(axes: readonly Axis[], index: number): Parameters {
  let rest = index
  const point: [string, ParameterValue][] = []
  for (const [name, values] of axes.toReversed()) {
    point.push([name, values[rest % values.length] as ParameterValue])
    rest = Math.floor(rest / values.length)
  }
  return Object.fromEntries(point.reverse())
}
