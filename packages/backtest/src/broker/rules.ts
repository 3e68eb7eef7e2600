import { InvalidInputError } from '@org/core'
import { type Commission, type Fees, feesOf } from './fees.ts'

/**
 * How the broker fills, charges and lends. Each field that two engines answer differently is an option with the careful answer as its default;
 * {@link backtestingPyRules} has the other ones.
 */
export interface BrokerOptions {
  /** Start money, in the quote asset. */
  readonly cash: number
  /** @default 0 */
  readonly commission?: Commission
  /** Share of the price that a taker pays above (buying) or gets below (selling) it: 0.0002 is two basis points. @default 0 */
  readonly spread?: number
  /** Which fills pay the spread: also those that close, or only those that open. @default 'both-sides' */
  readonly spreadOn?: 'both-sides' | 'entries'
  /** Share of the price by which fills at the market and at stops are worse than the bar says. @default 0 */
  readonly slippage?: number
  /** Share of a position that must be covered by equity: 1 is without leverage, 0.05 is 20 ×. @default 1 */
  readonly margin?: number
  /** `cash`: nothing is borrowed, so there are no shorts and no leverage. @default 'cash' for a margin of 1, else 'margin' */
  readonly account?: 'cash' | 'margin'
  /**
   * When an order at the market is filled. `next-open`: at the open of the next bar. `same-close`: at once, at the last price that is known.
   * `previous-close`: when the next bar is processed, at the close of the one before.
   *
   * @default 'next-open'
   */
  readonly fillAt?: 'next-open' | 'same-close' | 'previous-close'
  /** Smallest step of a quantity: 1 for whole units. @default 1e-8 */
  readonly unitStep?: number
  /** At most this share of a bar's volume is filled in it; the rest waits for the next bars. @default all that is asked for */
  readonly volumeShareMax?: number
  /** Placing an order cancels those that wait and closes what is open. @default false */
  readonly exclusiveOrders?: boolean
  /** Positions open at the end: left open, closed at the last close, or closed by running the last bar once more. @default 'open' */
  readonly atEnd?: 'open' | 'last-close' | 'last-bar-again'
  /** What open positions count while the orders of a bar are filled: its open, or its close, which nobody knows yet. @default 'open' */
  readonly valueWhileFilling?: 'open' | 'close'
  /** Sizing by a share of the buying power: is a fixed fee paid once, or taken for each unit? @default 'once' */
  readonly fixedFeeInSizing?: 'once' | 'per-unit'
  /** A position that is closed in parts: the entry's fixed fee is shared among them, or shown in full for each. @default 'shared' */
  readonly fixedFeeOnParts?: 'shared' | 'each'
  /**
   * May a bracket close the position on the bar that opened it? `careful`: the stop may, in any case; the target only after an entry at the
   * open. `market-entries`: both may after an entry at the open, none after a limit, and a target after a stop entry when the bar did not reach the
   * stop.
   *
   * @default 'careful'
   */
  readonly bracketsOnEntryBar?: 'careful' | 'market-entries'
  /**
   * Everything is closed at the close of a bar at which equity covers less than this share of what is held. Must be below `margin`.
   *
   * @default 0: when equity is used up
   */
  readonly maintenanceMargin?: number
  /**
   * An account that has lost everything closes what is open, and trades no more. `close-every-second` leaves out every other position, as an
   * engine does that takes from the list it walks over.
   *
   * @default 'close-all'
   */
  readonly onRuin?: 'close-all' | 'close-every-second'
  /** Money is rounded to so many digits at each booking. @default not at all */
  readonly moneyDecimals?: number
  /** What the account holds of each base asset besides, counts in its equity, and may sell without borrowing. @default 0 */
  readonly inventoryUnits?: number
}

/** {@link BrokerOptions} with every question answered. */
export interface BrokerRules extends Required<Omit<BrokerOptions, 'commission' | 'moneyDecimals' | 'volumeShareMax'>> {
  readonly fees: Fees
  readonly moneyDecimals: number | undefined
  readonly volumeShareMax: number | undefined
}

/**
 * The answers of backtesting.py 0.6: spread on entries alone, whole units, orders sized with the close of the bar that fills them, a fixed fee taken
 * for each unit in sizing and shown in full for each part of a position.
 */
export const backtestingPyRules = {
  spreadOn: 'entries',
  account: 'margin',
  unitStep: 1,
  valueWhileFilling: 'close',
  fixedFeeInSizing: 'per-unit',
  fixedFeeOnParts: 'each',
  bracketsOnEntryBar: 'market-entries',
  onRuin: 'close-every-second',
} as const satisfies Partial<BrokerOptions>

/** @throws InvalidInputError `INVALID_OPTION` for a figure out of its range. */
export function rulesOf(options: BrokerOptions): BrokerRules {
  const { cash, spread = 0, slippage = 0, margin = 1, unitStep = 1e-8, inventoryUnits = 0, moneyDecimals } = options
  const { maintenanceMargin = 0, volumeShareMax } = options
  requireRange('cash', cash, 0, Number.MAX_SAFE_INTEGER)
  requireRange('spread', spread, 0, 1)
  requireRange('slippage', slippage, 0, 1)
  requireRange('margin', margin, 1e-4, 1)
  requireRange('unitStep', unitStep, 1e-12, 1e12)
  requireRange('inventoryUnits', inventoryUnits, 0, Number.MAX_SAFE_INTEGER)
  requireRange('maintenanceMargin', maintenanceMargin, 0, margin * (1 - Number.EPSILON))
  if (volumeShareMax !== undefined) requireRange('volumeShareMax', volumeShareMax, 0, 1)
  if (moneyDecimals !== undefined) requireRange('moneyDecimals', moneyDecimals, 0, 12)
  const account = options.account ?? (margin === 1 ? 'cash' : 'margin')
  if (account === 'cash' && margin !== 1)
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `margin: expected 1 for a cash account, was ${margin}; account: 'margin' lends`,
    })
  return {
    cash,
    fees: feesOf(options.commission ?? 0),
    spread,
    spreadOn: options.spreadOn ?? 'both-sides',
    slippage,
    margin,
    account,
    fillAt: options.fillAt ?? 'next-open',
    unitStep,
    exclusiveOrders: options.exclusiveOrders ?? false,
    atEnd: options.atEnd ?? 'open',
    valueWhileFilling: options.valueWhileFilling ?? 'open',
    fixedFeeInSizing: options.fixedFeeInSizing ?? 'once',
    fixedFeeOnParts: options.fixedFeeOnParts ?? 'shared',
    bracketsOnEntryBar: options.bracketsOnEntryBar ?? 'careful',
    onRuin: options.onRuin ?? 'close-all',
    maintenanceMargin,
    volumeShareMax,
    moneyDecimals,
    inventoryUnits,
  }
}

function requireRange(what: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new InvalidInputError({
    code: 'INVALID_OPTION',
    message: `${what}: expected a number from ${least} to ${most}, was ${String(value)}`,
  })
}
