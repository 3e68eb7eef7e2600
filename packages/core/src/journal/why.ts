import type { Intent } from '../intent/intent.ts'
import { canonicalJson } from '../intent/json.ts'
import { formatMicros } from '../money/micros.ts'
import type { ExactPosting, Fact, RefusalFigures, UnmetCondition } from './fact.ts'
import type { JournalEntry } from './journal-entry.ts'

/** One step of an intent's story. */
export interface StoryStep {
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly stage: 'decide' | 'reserve' | 'act' | 'settle'
  readonly text: string
}

/** Where an intent stands: the last two are ends, and so is `rejected`. */
export type StoryStatus = 'rejected' | 'reserved' | 'sent' | 'in-doubt' | 'settled' | 'released'

/** Why an intent was made and what became of it. */
export interface IntentStory {
  readonly intent: Intent
  readonly status: StoryStatus
  readonly steps: readonly StoryStep[]
  /** The same in lines for people. */
  readonly text: string
}

/**
 * The story of one intent, from the journal alone: why it was decided, what was reserved or refused, what was sent, how it ended.
 *
 * @param store Anything with a journal.
 * @returns `undefined` when the journal (as far back as the store keeps it) does not know the intent.
 * @example
 * const story = await why(store, intentId)
 * console.log(story?.text ?? 'not in the journal')
 */
export async function why(
  store: { journal(): AsyncIterable<JournalEntry> },
  intentId: string,
): Promise<IntentStory | undefined> {
  let intent: Intent | undefined
  let status: StoryStatus = 'rejected'
  const steps: StoryStep[] = []
  for await (const { seq, at, fact } of store.journal()) {
    if (idOf(fact) !== intentId) continue
    const add = (stage: StoryStep['stage'], text: string) => steps.push({ seq, at, stage, text })
    if (fact.type === 'intent-reserved' || fact.type === 'intent-rejected') {
      intent = fact.intent
      add('decide', decided(fact.intent))
    }
    add(stageOf(fact), told(fact))
    status = statusAfter(fact) ?? status
  }
  if (intent === undefined) return undefined
  const { action, venueId, asset, strategyId } = intent
  const title = `${intentId}: ${strategyId} wants ${action} at ${venueId}${asset === undefined ? '' : `, ${asset}`}: ${status}`
  const lines = steps.map(({ at, stage, text }) => `${new Date(at).toISOString()}  ${stage.padEnd(7)}  ${text}`)
  return { intent, status, steps, text: [title, ...lines].join('\n') }
}

function idOf(fact: Fact): string | undefined {
  if (fact.type === 'intent-rejected') return fact.intent.id
  if (fact.type === 'result-recorded') return fact.intentId
  return 'reservationId' in fact ? fact.reservationId : undefined
}

function stageOf(fact: Fact): StoryStep['stage'] {
  switch (fact.type) {
    case 'intent-sent':
    case 'intent-in-doubt':
      return 'act'
    case 'intent-settled':
    case 'intent-released':
    case 'result-recorded':
      return 'settle'
    default:
      return 'reserve'
  }
}

function statusAfter(fact: Fact): StoryStatus | undefined {
  switch (fact.type) {
    case 'intent-rejected':
      return 'rejected'
    case 'intent-reserved':
      return 'reserved'
    case 'intent-sent':
      return 'sent'
    case 'intent-in-doubt':
      return 'in-doubt'
    case 'intent-settled':
      return 'settled'
    case 'intent-released':
      return 'released'
    default:
      return undefined
  }
}

function told(fact: Fact): string {
  switch (fact.type) {
    case 'intent-rejected':
      return `refused, ${fact.code}: ${fact.message}`
    case 'intent-reserved': {
      const taken = fact.amounts.map(({ budget, amount }) => `${formatMicros(amount)} of ${budget}`).join(', ')
      return [`reserved ${taken || 'nothing'}`, ...fact.shadowed.map(inShadow)].join('; ')
    }
    case 'intent-sent':
      return `sent with the key ${fact.idempotencyKey}`
    case 'intent-in-doubt':
      return `in doubt, ${fact.code}: ${fact.message}`
    case 'intent-settled': {
      const ref = fact.receipt?.venueRef
      return `settled: ${posted(fact.postings)}${ref === undefined ? '' : ` (${ref})`}`
    }
    case 'intent-released':
      return `released: ${fact.reason}`
    case 'result-recorded':
      return `recorded: ${posted(fact.postings)} (${fact.note})`
    default:
      return fact.type
  }
}

function decided({ rationale }: Intent): string {
  const { reason, summary, inputs = {}, thresholds = {} } = rationale
  return [`${reason}: ${summary}`, named('from', inputs), named('against', thresholds)].filter(Boolean).join('; ')
}

function named(word: string, values: { readonly [name: string]: unknown }): string {
  const items = Object.entries(values).map(([name, value]) => `${name}=${canonicalJson(value)}`)
  return items.length === 0 ? '' : `${word} ${items.join(', ')}`
}

function inShadow(refusal: RefusalFigures | UnmetCondition): string {
  if ('problem' in refusal) return `${refusal.constraint}, in shadow mode, would have refused: ${refusal.problem}`
  const { constraint, requested, available } = refusal
  return `${constraint}, in shadow mode, would have refused: asked ${formatMicros(requested)}, free ${formatMicros(available)}`
}

function posted(postings: readonly ExactPosting[]): string {
  return postings.map(({ measure, amount }) => `${measure} ${formatMicros(amount)}`).join(', ') || 'nothing'
}
