import {
  DefaultRiskManager,
  formatMicros,
  fromMicros,
  type LedgerState,
  type OpenReservation,
  toMicros,
} from '@org/core'
import type { Answer } from '../answer.ts'
import { budgetData, budgetsText } from '../budgets.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'
import { moment, table } from '../table.ts'

/** How far the ledger's time may be ahead of this clock before it is said. */
const aheadMsMax = 60_000

/** Everything at a glance: what is stopped, what is left, what is open, what is at stake. */
export async function status({ store: path, clock }: Context): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  const ledger = store.read()
  const { budgets: statuses, bindsFirst, tailRisks: _, ...portfolio } = risk.assessPortfolio()
  const budgets = statuses.map(budget => budgetData(ledger, budget))
  const halts = haltsIn(ledger)
  const openIntents = risk.openReservations().map(openIntent)
  const aheadMs = Math.max(0, ledger.lastAtMs - clock.now())
  const data = {
    store: path,
    ...portfolio,
    halts,
    budgets,
    bindsFirst: bindsFirst && { constraint: bindsFirst.constraint, scope: bindsFirst.scope },
    openIntents,
    lastEntryAt: ledger.lastAtMs,
    ledgerAheadMs: aheadMs,
    digest: store.digest(),
  }
  const text = [
    `${path}, last entry ${ledger.lastAtMs === 0 ? 'none' : moment(ledger.lastAtMs)} UTC\n`,
    haltsText(halts),
    `\nBudgets\n${budgetsText(ledger, budgets)}`,
    `\nOpen intents\n${openText(openIntents)}`,
    `\nAt stake\n${stakeText(portfolio)}`,
  ].join('')
  return { data, text, notes: aheadMs > aheadMsMax ? [aheadNote(aheadMs)] : [] }
}

function aheadNote(aheadMs: number): string {
  return `the ledger's time is ${Math.round(aheadMs / 1000)} s ahead of this clock: one of the clocks is wrong; see automate time-back --help`
}

/** Where new risk is refused, and why. */
export function haltsIn({ tradingStates }: LedgerState): { scope: string; state: string; reason: string }[] {
  return [...tradingStates.values()].map(({ scope, state, reason }) => ({ scope, state, reason }))
}

export function haltsText(halts: ReturnType<typeof haltsIn>): string {
  if (halts.length === 0) return 'Active: nothing is halted\n'
  return halts
    .map(
      ({ scope, state, reason }) => `${state.toUpperCase()} ${scope === 'global' ? 'everywhere' : scope}: ${reason}\n`,
    )
    .join('')
}

function openIntent({ id, intent, idempotencyKey, isInDoubt, expiresAt, amounts }: OpenReservation) {
  return {
    id,
    strategyId: intent.strategyId,
    venueId: intent.venueId,
    ...(intent.asset === undefined ? {} : { asset: intent.asset }),
    action: intent.action,
    stage: isInDoubt ? 'in-doubt' : idempotencyKey === undefined ? 'reserved' : 'sent',
    expiresAt,
    reserved: amounts.map(({ budget, amount }) => ({ budget, amount: fromMicros(amount) })),
  }
}

function openText(intents: readonly ReturnType<typeof openIntent>[]): string {
  if (intents.length === 0) return '  none\n'
  return intents
    .map(({ id, stage, strategyId, action, venueId, asset }) => {
      const where = asset === undefined ? venueId : `${venueId}, ${asset}`
      return `  ${id}: ${stage === 'in-doubt' ? 'IN DOUBT' : stage}; ${strategyId} wants ${action} at ${where}\n`
    })
    .join('')
}

function stakeText(portfolio: {
  readonly exposure: number
  readonly exposureByVenue: Readonly<Record<string, number>>
  readonly exposureByAsset: Readonly<Record<string, number>>
  readonly lossToday: number
  readonly worstCaseLossToday: number
}): string {
  const amount = (value: number) => formatMicros(toMicros(value, 'up'))
  const by = (kind: string, amounts: Readonly<Record<string, number>>) =>
    Object.entries(amounts)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => [`${kind} ${name}`, amount(value)])
  return table([
    ['exposure', amount(portfolio.exposure)],
    ...by('  at', portfolio.exposureByVenue),
    ...by('  in', portfolio.exposureByAsset),
    ['lost today (UTC)', amount(portfolio.lossToday)],
    ['lost today if every open intent goes wrong', amount(portfolio.worstCaseLossToday)],
  ])
}
