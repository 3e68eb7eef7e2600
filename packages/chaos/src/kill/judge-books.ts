import { canonicalJson, emptyLedger, evolve, type Intent, type JournalEntry, ledgerToText } from '@org/core'

/** What the market itself says of a round. */
export interface Rentals {
  /** Rentals in order, each with the key that its label carries. */
  readonly created: readonly { readonly instanceId: number; readonly key: string }[]
  readonly aliveIds: readonly number[]
}

/** The books of a round when all processes have ended. */
export interface Books {
  readonly entries: readonly JournalEntry[]
  /** The stored ledger, as text. */
  readonly ledgerText: string
  readonly rentals: Rentals
  readonly budgetDollars: number
  readonly rentalDollars: number
}

/** One intent's way through the journal. */
interface Story {
  readonly intent: Intent
  sent: number
  readonly ends: ('settled' | 'released')[]
  venueRef: string | undefined
}

/**
 * Compares journal, ledger and market, each added up anew from outside.
 *
 * @returns What is wrong; nothing when every promise held.
 */
export function judgeBooks(books: Books): string[] {
  const { problems, stories } = readStories(books)
  const { created, aliveIds } = books.rentals

  const replayed = emptyLedger()
  for (const { fact, at } of books.entries) evolve(replayed, fact, at)
  if (sorted(ledgerToText(replayed)) !== sorted(books.ledgerText))
    problems.push('the stored ledger is not what the journal replays to')

  for (const [id, { ends, sent }] of stories) {
    if (ends.length !== 1) problems.push(`intent ${id} ended ${ends.length} times (${ends.join(', ')})`)
    if (sent > 1) problems.push(`intent ${id} was sent ${sent} times`)
    if (sent === 0 && ends[0] === 'settled') problems.push(`intent ${id} was settled without having been sent`)
  }

  const byKey = Map.groupBy(created, ({ key }) => key)
  for (const [key, rentals] of byKey) {
    const story = stories.get(key)
    if (rentals.length > 1) problems.push(`the market rented ${rentals.length} times for ${key}`)
    if (story === undefined) problems.push(`the market rented for ${key}, which the journal does not know`)
    else if (story.ends[0] === 'released') problems.push(`${key} was released, but the market rented`)
  }
  const gone = new Set<number>()
  for (const [id, { intent, ends, venueRef }] of stories) {
    if (ends[0] !== 'settled') continue
    if (intent.action === 'destroy-instance') gone.add(Number(venueRef))
    else if (byKey.get(id)?.[0]?.instanceId !== Number(venueRef))
      problems.push(`${id} was settled with ${venueRef}, but the market knows nothing of it`)
  }
  const expected = created.map(({ instanceId }) => instanceId).filter(id => !gone.has(id))
  if (expected.sort().join() !== [...aliveIds].sort().join())
    problems.push(`instances ${expected.join()} should run, ${aliveIds.join()} do`)

  const settledRentals = created.length
  const rentalsMax = Math.floor(books.budgetDollars / books.rentalDollars)
  if (settledRentals !== rentalsMax)
    problems.push(`the budget pays for ${rentalsMax} rentals, the market has ${settledRentals}`)
  if (gone.size < Math.floor(rentalsMax / 2))
    problems.push(`only ${gone.size} rentals were given back, though reducing is never refused`)
  return problems
}

function readStories({ entries, budgetDollars }: Books): {
  readonly problems: string[]
  readonly stories: ReadonlyMap<string, Story>
} {
  const problems: string[] = []
  const stories = new Map<string, Story>()
  let atStake = 0
  const add = (dollars: number, what: string) => {
    atStake += dollars
    if (atStake > budgetDollars) problems.push(`$${atStake} of $${budgetDollars} at stake after ${what}`)
  }
  for (const { fact } of entries) {
    if (fact.type === 'intent-reserved') {
      if (stories.has(fact.reservationId)) problems.push(`intent ${fact.reservationId} was reserved twice`)
      stories.set(fact.reservationId, { intent: fact.intent, sent: 0, ends: [], venueRef: undefined })
      add(stakeOf(fact.intent), `the reservation of ${fact.reservationId}`)
    }
    if (fact.type === 'result-recorded') problems.push(`a result came when its intent had ended: ${fact.intentId}`)
    if (fact.type === 'intent-rejected' && fact.intent.reduces)
      problems.push(`an intent that reduces was refused: ${fact.message}`)
    if (!('reservationId' in fact) || fact.type === 'intent-reserved') continue
    const story = stories.get(fact.reservationId)
    if (story === undefined) problems.push(`${fact.type} of ${fact.reservationId}, which was never reserved`)
    else if (fact.type === 'intent-sent') {
      if (story.ends.length > 0) problems.push(`intent ${fact.reservationId} was sent after it had ended`)
      story.sent++
    } else if (fact.type === 'intent-settled' || fact.type === 'intent-released') {
      story.ends.push(fact.type === 'intent-settled' ? 'settled' : 'released')
      if (fact.type === 'intent-settled') story.venueRef = fact.receipt?.venueRef
      else add(-stakeOf(story.intent), 'a release')
    }
  }
  return { problems, stories }
}

/** Facts as they were made and as they were read differ in the order of their keys. */
function sorted(ledgerText: string): string {
  return canonicalJson(JSON.parse(ledgerText))
}

/** What it could lose. A rental is settled as reserved, so that the stake stays. */
function stakeOf(intent: Intent): number {
  return Number(intent.effects.find(({ measure }) => measure === 'loss')?.amount ?? 0)
}
