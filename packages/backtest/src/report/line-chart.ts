import type { Point } from './downsample.ts'
import { coordinate, escaped } from './markup.ts'
import { ticks, timeTicks } from './ticks.ts'

export interface ChartLine {
  readonly name: string
  readonly points: readonly Point[]
  /** Which of the report's colours, from 1. */
  readonly colour: number
  /** Fills down to zero. @default false */
  readonly isArea?: boolean
  /** Holds its value until the next point. @default false */
  readonly isStepped?: boolean
}

export interface ChartMark extends Point {
  readonly shape: 'up' | 'down' | 'tick'
  readonly kind: 'entry' | 'gain' | 'loss' | 'refusal'
  readonly title: string
}

export interface Chart {
  readonly title: string
  readonly lines: readonly ChartLine[]
  readonly marks?: readonly ChartMark[]
  /** Range of time, so that charts below each other line up. */
  readonly from: number
  readonly to: number
  readonly height: number
  readonly format: (value: number) => string
  /** Zero belongs to the picture. @default false */
  readonly withZero?: boolean
}

const width = 1_000
const left = 76
const right = 14
const top = 10
const bottom = 24
/** A date that begins nearer to the edge would be cut. */
const labelRoom = 30

/** A chart over time as SVG. */
export function lineChart(chart: Chart): string {
  const { title, lines, marks = [], from, to, height, format, withZero = false } = chart
  const { low, high } = rangeOf([...lines.flatMap(({ points }) => points), ...marks], withZero)
  const x = (time: number) => left + ((time - from) / Math.max(1, to - from)) * (width - left - right)
  const y = (value: number) => top + ((high - value) / (high - low)) * (height - top - bottom)
  const path = ({ points, isStepped }: ChartLine) =>
    points
      .map((point, i) => {
        const [px, py] = [coordinate(x(point.x)), coordinate(y(point.y))]
        return i === 0 ? `M${px},${py}` : isStepped === true ? `H${px}V${py}` : `L${px},${py}`
      })
      .join('')
  const area = (line: ChartLine) => {
    const [first, last] = [line.points[0], line.points.at(-1)]
    if (first === undefined || last === undefined) return ''
    return `<path class="area c${line.colour}" d="${path(line)}V${coordinate(y(0))}H${coordinate(x(first.x))}Z"/>`
  }
  const grid = ticks(low, high, height > 200 ? 5 : 3)
    .map(value => {
      const at = coordinate(y(value))
      return `<path class="grid" d="M${left},${at}H${width - right}"/><text class="label" x="${left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${escaped(format(value))}</text>`
    })
    .join('')
  const dates = timeTicks(from, to)
    .filter(({ at }) => x(at) < width - labelRoom)
    .map(
      ({ at, text }) =>
        `<text class="label" x="${coordinate(x(at))}" y="${height - 6}" text-anchor="middle">${escaped(text)}</text>`,
    )
    .join('')
  const drawn = lines
    .map(line => `${line.isArea === true ? area(line) : ''}<path class="line c${line.colour}" d="${path(line)}"/>`)
    .join('')
  const shapes = marks.map(mark => shapeOf(mark, x(mark.x), y(mark.y))).join('')
  return `<svg role="img" aria-label="${escaped(title)}" viewBox="0 0 ${width} ${height}">${grid}${dates}${drawn}${shapes}</svg>`
}

function shapeOf({ shape, kind, title }: ChartMark, x: number, y: number): string {
  const [cx, cy] = [coordinate(x), coordinate(y)]
  const d =
    shape === 'up'
      ? `M${cx},${coordinate(y + 3)}l-5,9h10z`
      : shape === 'down'
        ? `M${cx},${coordinate(y - 3)}l-5,-9h10z`
        : `M${cx},${cy}v8`
  return `<path class="mark ${kind}" d="${d}"><title>${escaped(title)}</title></path>`
}

/** A little more than what the points take. */
function rangeOf(points: readonly Point[], withZero: boolean): { readonly low: number; readonly high: number } {
  let low = withZero ? 0 : Number.POSITIVE_INFINITY
  let high = withZero ? 0 : Number.NEGATIVE_INFINITY
  for (const { y } of points) {
    low = Math.min(low, y)
    high = Math.max(high, y)
  }
  if (!(low < high)) return { low: (Number.isFinite(low) ? low : 0) - 1, high: (Number.isFinite(high) ? high : 0) + 1 }
  const margin = (high - low) * 0.05
  return { low: withZero && low === 0 ? 0 : low - margin, high: withZero && high === 0 ? 0 : high + margin }
}
