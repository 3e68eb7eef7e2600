import type { Micros } from '../money/micros.ts'
import { usedAt } from './budget.ts'
import type { ConstraintSpec, Share } from './constraint-spec.ts'
import type { LedgerState } from './ledger-state.ts'
import { accountOf, type BudgetMatch, shareKey } from './matching-budgets.ts'
import type { Pending } from './pending.ts'

/**
 * The limit that holds for one budget at `nowMs`. Most constraints say it themselves; a share, a concentration and a drawdown in per
 * cent follow from what else is in the ledger.
 *
 * @param standing used + reserved + asked of the budget itself, for concentrations: it is part of the whole.
 */
export function limitAt(
  state: LedgerState,
  match: BudgetMatch,
  standing: number,
  nowMs: number,
  pending?: Pending,
): Micros {
  const { spec, share } = match
  const { aggregation, limit } = spec
  if (share !== undefined) return shareLimit(state, spec, share, nowMs, pending)
  const account = accountOf(state, match)
  if (aggregation.kind === 'drawdown' && aggregation.startEquity !== undefined) {
    const peak = aggregation.startEquity - (account?.trough ?? 0)
    return percentOf(Math.max(0, peak), limit)
  }
  if (aggregation.kind === 'concentration') {
    // Reservations of others may be given back: the whole is what is posted, and what is asked for here.
    const whole = wholeExposure(state, spec) - (account?.sum ?? 0) + standing
    return percentOf(Math.max(aggregation.totalMin, whole), limit)
  }
  return limit
}

/**
 * A share may use what is guaranteed to it. One that borrows may also use what is left of the limit when every other share holds the
 * larger of its guarantee and its use: so no borrower ever takes what is guaranteed to another. One that lends holds its use alone, and so
 * may find that what it is to have is lent.
 *
 * Use is counted for each share by itself: what one gains gives nobody else more to borrow.
 */
function shareLimit(
  state: LedgerState,
  spec: ConstraintSpec,
  { value, wholeKey }: { readonly value: string | undefined; readonly wholeKey: string },
  nowMs: number,
  pending: Pending | undefined,
): Micros {
  const of = spec.shares?.of ?? {}
  const own = value === undefined ? undefined : of[value]
  const guaranteed = own === undefined ? 0 : guarantee(spec, own)
  const lends = own?.lends === true
  if (own !== undefined && !own.borrows && !lends) return guaranteed as Micros
  let kept = 0
  for (const [other, share] of [...Object.entries(of), [undefined, undefined] as const]) {
    if (other === value) continue
    const key = shareKey(spec, wholeKey, other)
    const account = state.budgets.get(key)
    const used = usedAt(account, spec, nowMs, pending?.posted.get(key))
    const reserved = (account?.reserved ?? 0) + (pending?.reserved.get(key) ?? 0)
    kept += Math.max(share === undefined || share.lends === true ? 0 : guarantee(spec, share), used + reserved)
  }
  const left = Math.max(0, spec.limit - kept) as Micros
  if (!lends) return Math.max(guaranteed, left) as Micros
  return own?.borrows === true ? left : (Math.min(guaranteed, left) as Micros)
}

/** What a share may always use, as long as the limit stands. */
export function guarantee({ limit }: ConstraintSpec, { amount, percent }: Share): Micros {
  return amount ?? percentOf(limit, Math.round((percent ?? 0) * 1e6))
}

function wholeExposure({ exposure }: LedgerState, { scope }: ConstraintSpec): number {
  if (typeof scope.domain === 'string' && scope.domain !== '*') return exposure.domain.get(scope.domain) ?? 0
  let sum = 0
  for (const amount of exposure.domain.values()) sum += amount
  return sum
}

/** Rounded down. `percent` in millionths of a per cent. */
function percentOf(amount: number, percent: number): Micros {
  const product = amount * percent
  if (Number.isSafeInteger(product)) return Math.floor(product / 1e8) as Micros
  return Number((BigInt(amount) * BigInt(Math.floor(percent))) / 100_000_000n) as Micros
}
