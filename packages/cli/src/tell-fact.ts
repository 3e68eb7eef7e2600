import { type Fact, formatMicros, fromMicros } from '@org/core'
import { figure } from './budgets.ts'

type Amounts = readonly { readonly measure: string; readonly amount: Parameters<typeof formatMicros>[0] }[]

/** One fact of the journal as a line for people. */
export function tellFact(fact: Fact): string {
  switch (fact.type) {
    case 'constraint-set':
      return `${fact.by} set ${fact.constraint.name} to ${figure(fact.constraint, fromMicros(fact.constraint.limit))}: ${fact.reason}`
    case 'constraint-retired':
      return `${fact.by} retired ${fact.name}: ${fact.reason}`
    case 'intent-reserved': {
      const { id, strategyId, action, venueId, rationale } = fact.intent
      return `${id} reserved: ${strategyId} wants ${action} at ${venueId}; ${rationale.summary}`
    }
    case 'intent-rejected':
      return `${fact.intent.id} refused, ${fact.code}: ${fact.message}`
    case 'intent-sent':
      return `${fact.reservationId} sent`
    case 'intent-in-doubt':
      return `${fact.reservationId} in doubt, ${fact.code}: ${fact.message}`
    case 'intent-settled':
      return `${fact.reservationId} settled: ${amountsInWords(fact.postings)}`
    case 'intent-released':
      return `${fact.reservationId} released: ${fact.reason}`
    case 'result-recorded':
      return `${fact.strategyId} at ${fact.venueId} recorded ${amountsInWords(fact.postings)}: ${fact.note}`
    case 'state-changed': {
      const where = fact.scope === 'global' ? 'everything' : fact.scope
      const done = { active: 'resumed', reducing: 'allowed only what reduces risk in', halted: 'halted' }[fact.state]
      return `${fact.by} ${done} ${where}: ${fact.reason}`
    }
    case 'breaker-tripped':
      return `${fact.budget} tripped: ${fact.reason}`
    case 'breaker-rearmed':
      return `${fact.by} re-armed ${fact.budget}: ${fact.reason}`
    case 'time-set-back':
      return `${fact.by} set the ledger's time back: ${fact.reason}`
    case 'account-operation': {
      const { id, kind, amount } = fact.operation
      return `account operation ${id}: ${kind} ${formatMicros(amount)}`
    }
    case 'account-operation-refused':
      return `account operation ${fact.id} refused, ${fact.code}`
  }
}

/** `loss 1.20, count 1.00`; a negative loss is a gain. */
export function amountsInWords(amounts: Amounts): string {
  return amounts.map(({ measure, amount }) => `${measure} ${formatMicros(amount)}`).join(', ') || 'nothing'
}
