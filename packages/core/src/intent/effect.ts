import type { Amount } from '../money/micros.ts'

/**
 * What budgets count. `loss` money that may be gone (realised); `unrealised-loss` what holdings are worth less than before;
 * `operating-cost` running cost; `exposure` money at stake at one time; `position` pieces held; `notional` the size of one action;
 * `count` actions; `price-deviation` per cent; `data-age` seconds. A domain may add its own names.
 */
export type Measure =
  | 'loss'
  | 'unrealised-loss'
  | 'operating-cost'
  | 'exposure'
  | 'position'
  | 'notional'
  | 'count'
  | 'price-deviation'
  | 'data-age'
  | (string & {})

/** The most that an intent could take from budgets of one measure, in units of the base currency (`count`: pieces); never negative. */
export interface Effect {
  readonly measure: Measure
  readonly amount: Amount
}

/**
 * What really happened to budgets of one measure, signed: a `loss` of −3 is a gain of 3, an `exposure` of −100 says that 100 are no
 * longer at stake.
 */
export interface Posting {
  readonly measure: Measure
  readonly amount: Amount
}
