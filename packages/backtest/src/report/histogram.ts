import { coordinate, escaped } from './markup.ts'
import { ticks } from './ticks.ts'

const width = 1_000
const height = 200
const left = 76
const right = 14
const top = 10
const bottom = 24
const binsMax = 41

/** How often results of each size came, losses and gains in their colours, as SVG. */
export function histogram(values: readonly number[], format: (value: number) => string): string {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  const size = Math.max((high - low) / (binsMax - 1), 1e-12)
  // Bins begin at multiples of their size, so that none holds both gains and losses.
  const first = Math.floor(low / size)
  const counts = new Array<number>(Math.floor(high / size) - first + 1).fill(0)
  for (const value of values) {
    const bin = Math.floor(value / size) - first
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  const most = Math.max(1, ...counts)
  const step = (width - left - right) / counts.length
  const y = (count: number) => top + (1 - count / most) * (height - top - bottom)
  const bars = counts
    .map((count, i) => {
      if (count === 0) return ''
      const [from, to] = [(first + i) * size, (first + i + 1) * size]
      const title = `${count} from ${format(from)} to ${format(to)}`
      return `<rect class="bar ${from < 0 ? 'loss' : 'gain'}" x="${coordinate(left + i * step + 1)}" y="${coordinate(y(count))}" width="${coordinate(Math.max(1, step - 2))}" height="${coordinate(height - bottom - y(count))}"><title>${escaped(title)}</title></rect>`
    })
    .join('')
  const grid = ticks(0, most, 3)
    .filter(Number.isInteger)
    .map(
      count =>
        `<path class="grid" d="M${left},${coordinate(y(count))}H${width - right}"/><text class="label" x="${left - 8}" y="${coordinate(y(count))}" text-anchor="end" dominant-baseline="middle">${count}</text>`,
    )
    .join('')
  const labels = ticks(first * size, (first + counts.length) * size, 8)
    .map(value => {
      const x = left + (value / size - first) * step
      return `<text class="label" x="${coordinate(x)}" y="${height - 6}" text-anchor="middle">${escaped(format(value))}</text>`
    })
    .join('')
  return `<svg role="img" aria-label="distribution of the trades' returns" viewBox="0 0 ${width} ${height}">${grid}${bars}${labels}</svg>`
}
