const dayMs = 86_400_000

/** Round values that cover a range: about `count` of them, in steps of 1, 2, 2.5 or 5 times a power of ten. */
export function ticks(low: number, high: number, count = 5): number[] {
  const span = high - low
  if (!(span > 0)) return [low]
  const rough = span / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find(multiple => multiple * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Times at which a reader looks for a mark: years, months, days or hours, whichever gives four to about twelve. */
export function timeTicks(from: number, to: number): { readonly at: number; readonly text: string }[] {
  const span = to - from
  if (span > 2 * 365 * dayMs) {
    const first = new Date(from).getUTCFullYear() + 1
    const last = new Date(to).getUTCFullYear()
    const step = Math.max(1, Math.ceil((last - first + 1) / 12))
    return range(first, last, step).map(year => ({ at: Date.UTC(year, 0, 1), text: String(year) }))
  }
  if (span > 60 * dayMs) {
    const first = monthOf(from) + 1
    const last = monthOf(to)
    const step = Math.max(1, Math.ceil((last - first + 1) / 12))
    return range(first, last, step).map(month => {
      const at = Date.UTC(Math.floor(month / 12), month % 12, 1)
      return { at, text: new Date(at).toISOString().slice(0, 7) }
    })
  }
  const unit = span > 3 * dayMs ? dayMs : 3_600_000
  const step = Math.max(1, Math.ceil(span / unit / 10)) * unit
  const first = Math.ceil(from / step)
  const last = Math.floor(to / step)
  return range(first, last, 1).map(i => {
    const iso = new Date(i * step).toISOString()
    return { at: i * step, text: unit === dayMs ? iso.slice(5, 10) : iso.slice(5, 16).replace('T', ' ') }
  })
}

function monthOf(time: number): number {
  const date = new Date(time)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function range(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((last - first) / step) + 1) }, (_, i) => first + i * step)
}
