import type { IntentStory, Json } from '@org/core'
import { canonicalJson } from '@org/core'

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
  const costs = effects.map(({ measure, amount }) => `${measure} ${amount}`)
  const lines: [string, string][] = [
    ['why', `${rationale.summary} (${rationale.reason})`],
    ['seen', named(rationale.inputs)],
    ['against', named(rationale.thresholds)],
    ['asked for', named(params as { readonly [name: string]: Json })],
    ['at worst', costs.join(', ') || 'costs nothing'],
  ]
  return [
    `${id}: ${strategyId} wanted ${action} at ${venueId}${about}. ${endings[status]}\n\n`,
    ...lines.filter(([, text]) => text !== '').map(([what, text]) => `  ${what.padEnd(9)}  ${text}\n`),
    '\n',
    // Why it was decided stands above.
    ...steps
      .filter(({ stage }) => stage !== 'decide')
      .map(({ at, text }) => `  ${new Date(at).toISOString().replace('T', ' ')}  ${text}\n`),
  ].join('')
}

function named(values: { readonly [name: string]: Json } | undefined): string {
  return Object.entries(values ?? {})
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : canonicalJson(value)}`)
    .join(', ')
}
