import { type Amount, Decimal, type Opportunity } from '@org/core'

/** What an opportunity may take. */
export interface EntryCost {
  /** Of the loss budget, in the base currency. */
  readonly loss: Decimal
  /** Of the balance that pays for purchases, in the quote asset, without fees. */
  readonly paid: Decimal
}

/** What decisions made after this one have to leave to it. What reduces takes nothing. */
export function costOf({ intents }: Opportunity, quoteRate: Amount): EntryCost {
  let loss = Decimal.of(0)
  let notional = Decimal.of(0)
  for (const { effects, side } of intents)
    for (const { measure, amount } of effects) {
      if (measure === 'loss') loss = loss.plus(amount)
      if (measure === 'notional' && side === 'long') notional = notional.plus(amount)
    }
  return { loss, paid: notional.dividedBy(quoteRate) }
}
