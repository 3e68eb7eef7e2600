import { canonicalJson, formatMicros, type IntentStory, type Json, toMicros } from '@org/core'
import { moment } from './table.ts'

const endings: Record<IntentStory['status'], string> = {
  rejected: 'It was refused, and nothing was sent.',
  reserved: 'Its worst case is reserved; it has not been sent.',
  sent: 'It was sent, and the venue has not answered.',
  'in-doubt': 'Nobody knows yet whether it happened; reconciliation asks the venue.',
  settled: 'It happened, and its result is booked.',
  released: 'It did not happen, and everything reserved for it was given back.',
}

/** One decision for people: what was wanted and why, what was seen, what it could cost, and step by step what came of it. */
export function explainIntent({ intent, status, steps }: IntentStory): string {
  const { id, strategyId, action, venueId, asset, rationale, effects, params } = intent
  const about = asset === undefined ? '' : ` about ${asset}`
  const costs = effects.map(({ measure, amount }) => `${measure} ${formatMicros(toMicros(amount, 'up'))}`)
  const parts: [string, readonly string[]][] = [
    ['why', [rationale.summary, `reason ${rationale.reason}`]],
    ['seen', named(rationale.inputs)],
    ['against', named(rationale.thresholds)],
    ['asked for', named(params as { readonly [name: string]: Json })],
    ['at worst', [costs.join(', ') || 'costs nothing']],
    // Why it was decided stands above.
    ['then', steps.filter(({ stage }) => stage !== 'decide').map(({ at, text }) => `${moment(at)}  ${text}`)],
  ]
  return `${id}: ${strategyId} wanted ${action} at ${venueId}${about}. ${endings[status]}\n${parts.map(block).join('')}`
}

function block([what, lines]: readonly [string, readonly string[]]): string {
  return lines.map((line, i) => `${i === 0 ? '\n' : ''}  ${(i === 0 ? what : '').padEnd(9)}  ${line}\n`).join('')
}

/** `pricePerGpuHour: 0.3017` as `price per gpu hour  0.3017`, in columns. */
function named(values: { readonly [name: string]: Json } | undefined): string[] {
  const items = Object.entries(values ?? {}).map(([name, value]) => [inWords(name), valueText(name, value)] as const)
  const width = Math.max(0, ...items.map(([words]) => words.length))
  return items.map(([words, text]) => `${words.padEnd(width)}  ${text}`)
}

function inWords(name: string): string {
  const words = name.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
  return isMoment(name) ? words.replace(/ ms$/, '') : words
}

function valueText(name: string, value: Json): string {
  if (typeof value === 'string') return value
  if (value === null) return 'none'
  if (typeof value !== 'number') return canonicalJson(value)
  return isMoment(name) ? moment(value) : String(Number(value.toPrecision(6)))
}

/** By the house's names: other milliseconds are lengths. */
function isMoment(name: string): boolean {
  return /(At|AsOf|Date)Ms$/.test(name)
}
