import {
  type BreakerOptions,
  cooldown,
  Decimal,
  DefaultRiskManager,
  type Intent,
  type IntentId,
  lowProfitLock,
  memoryStore,
  type ResultRecord,
  type RiskConstraint,
  type RiskManager,
  ratioDrawdown,
  stopLossGuard,
} from '@org/core'
import { z } from 'zod'
import { openWorld, type StoreWorld } from './store-world.ts'

const minuteMs = 60_000

const protectionSchema = z.object({
  kind: z.enum(['stoploss-guard', 'cooldown', 'max-drawdown', 'low-profit']),
  lookbackMin: z.number().optional(),
  stopMin: z.number().optional(),
  lookbackCandles: z.number().optional(),
  stopCandles: z.number().optional(),
  timeframeMin: z.number().default(5),
  unlockAt: z.string().optional(),
  zone: z.string().default('UTC'),
  tradeLimit: z.number().optional(),
  requiredProfit: z.number().default(0),
  maxDrawdown: z.number().default(0),
  onlyPerPair: z.boolean().default(false),
  perPair: z.boolean().default(false),
  onlyPerSide: z.boolean().default(false),
})

const tradeSchema = z.object({
  pair: z.string(),
  exit: z.string(),
  closeAgo: z.number(),
  profitRate: z.union([z.number(), z.string()]),
  short: z.boolean().default(false),
})

const checkSchema = z.object({
  global: z.boolean().optional(),
  pair: z.string().optional(),
  pairLocked: z.boolean().optional(),
  side: z.string().optional(),
  short: z.boolean().optional(),
  atMinutesAfterLockEnd: z.number().optional(),
})
type Check = z.infer<typeof checkSchema>

const nowSchema = z.union([z.string(), z.number()])

/** A time under a name of its own, such as `{ "at": "23:30" }`. */
function only(named: Readonly<Record<string, string | number>>, context: z.RefinementCtx): string | number {
  const [value, ...more] = Object.values(named)
  if (value !== undefined && more.length === 0) return value
  context.addIssue({ code: 'custom', message: 'expected one time' })
  return z.NEVER
}

const stepSchema = z.union([
  z.object({ trade: tradeSchema }),
  z.object({ check: checkSchema }),
  z.object({ now: z.union([nowSchema, z.record(z.string(), nowSchema).transform(only)]) }),
])

/** A file of the form of `../shared/data/protection-vectors`. */
export const protectionVectorSchema = z.object({ protection: protectionSchema, steps: z.array(stepSchema) })

const stops = new Set(['stop_loss', 'trailing_stop_loss', 'stoploss_on_exchange', 'liquidation'])
const place = { domain: 'vectors', strategyId: 'vector', venueId: 'nowhere' }
/** In the middle of a bar, as a bot that looks whenever it looks. */
const defaultStartMs = Date.UTC(2026, 0, 5, 12, 1, 30)

/** Runs one file and says what differed. Trades between two checks are taken over in one step, as a bot takes over a history. */
export async function runProtectionVector(
  input: unknown,
  options: { readonly folder: string; readonly restarts: boolean },
): Promise<readonly string[]> {
  const { protection, steps } = protectionVectorSchema.parse(input)
  const constraints = constraintsOf(protection)
  const firstNow = steps.find(step => 'now' in step)
  const startMs = firstNow === undefined ? defaultStartMs : timeOf(firstNow.now, defaultStartMs)
  const world = await openWorld({ folder: options.folder, constraints, startMs })
  const problems: string[] = []
  let trades: ResultRecord[] = []
  try {
    for (const [i, step] of steps.entries()) {
      if ('now' in step) world.nowMs = timeOf(step.now, world.nowMs)
      else if ('trade' in step) trades.push(recordOf(step.trade, world.nowMs))
      else {
        await world.risk.recordAll(trades)
        trades = []
        if (options.restarts) await world.restart()
        for (const problem of await runCheck(world, constraints, step.check)) problems.push(`step ${i + 1}: ${problem}`)
      }
    }
  } finally {
    await world.close()
  }
  return problems
}

function constraintsOf(protection: z.infer<typeof protectionSchema>): readonly RiskConstraint[] {
  const { kind, timeframeMin, unlockAt, zone, requiredProfit, onlyPerSide } = protection
  const inMinutes = (candles: number | undefined) => (candles === undefined ? undefined : candles * timeframeMin)
  const lookbackMin = protection.lookbackMin ?? inMinutes(protection.lookbackCandles)
  const stopMin = protection.stopMin ?? inMinutes(protection.stopCandles) ?? 60
  const options: BreakerOptions = {
    ...(lookbackMin === undefined ? {} : { lookback: lookbackMin * minuteMs }),
    stopFor: stopMin * minuteMs,
    ...(unlockAt === undefined ? {} : { unlockAt: { time: unlockAt, timeZone: zone } }),
    roundUpTo: timeframeMin * minuteMs,
    perSide: onlyPerSide,
  }
  const { tradeLimit } = protection
  switch (kind) {
    case 'cooldown':
      return [cooldown(options)]
    case 'low-profit':
      return [lowProfitLock({ ...options, positions: tradeLimit ?? 1, requiredProfit })]
    case 'max-drawdown':
      return [ratioDrawdown({ ...options, positions: tradeLimit ?? 1, maxDrop: protection.maxDrawdown })]
    case 'stoploss-guard': {
      const guard = { ...options, stops: tradeLimit ?? 10, requiredProfit }
      const perPair = stopLossGuard({ ...guard, name: 'per_pair', scope: { asset: '*' } })
      if (protection.onlyPerPair) return [perPair]
      return protection.perPair ? [stopLossGuard(guard), perPair] : [stopLossGuard(guard)]
    }
  }
}

function recordOf(
  { pair, exit, closeAgo, profitRate, short }: z.infer<typeof tradeSchema>,
  nowMs: number,
): ResultRecord {
  return {
    ...place,
    asset: pair,
    postings: [],
    note: exit,
    closed: {
      ratio: Decimal.of(profitRate).minus(1).text,
      isStop: stops.has(exit),
      side: short ? 'short' : 'long',
      at: nowMs - closeAgo * minuteMs,
    },
  }
}

async function runCheck(
  world: StoreWorld,
  constraints: readonly RiskConstraint[],
  check: Check,
): Promise<readonly string[]> {
  const { atMinutesAfterLockEnd } = check
  if (atMinutesAfterLockEnd === undefined) return judge(world.risk, check)
  // A look ahead: on a copy, since the ledger's time does not run backwards.
  const atMs = lastLockEnd(world.risk) + atMinutesAfterLockEnd * minuteMs
  const store = memoryStore()
  for await (const { fact, at } of world.risk.store.journal())
    await store.commit(() => ({ facts: [fact], at, result: undefined }))
  const clock = { now: () => atMs, sleep: async () => {}, track: <T>(work: Promise<T>) => work }
  return judge(new DefaultRiskManager(constraints, { store, clock }), check)
}

let submitted = 0

/** Asks with intents: one for an asset nothing has happened in, one for the pair; and one that reduces, which must always pass. */
async function judge(risk: RiskManager, check: Check): Promise<readonly string[]> {
  const side = check.side ?? (check.short === undefined ? undefined : check.short ? 'short' : 'long')
  const problems: string[] = []
  const isLocked = async (asset: string, reduces: boolean) => {
    const result = await risk.reserve(intentFor(asset, side, reduces, risk.clock.now()))
    if (result.ok) await risk.release(result.reservation.id, 'only asked')
    else if (result.rejection.code !== 'LOCKED') problems.push(result.rejection.shortMessage)
    return !result.ok
  }
  const global = await isLocked('an asset of its own', false)
  if (check.global !== undefined && global !== check.global)
    problems.push(`expected global ${check.global}, was ${global}`)
  if (check.pair !== undefined) {
    const pair = await isLocked(check.pair, false)
    if (check.pairLocked !== undefined && pair !== check.pairLocked)
      problems.push(`expected ${check.pair} locked ${check.pairLocked}, was ${pair}`)
  }
  if (await isLocked(check.pair ?? 'an asset of its own', true)) problems.push('a position could not be closed')
  return problems
}

function intentFor(asset: string, side: string | undefined, reduces: boolean, nowMs: number): Intent {
  return {
    ...place,
    id: `ask-${++submitted}` as IntentId,
    asset,
    ...(side === undefined ? {} : { side }),
    action: 'enter',
    params: {},
    effects: [{ measure: 'count', amount: 1 }],
    reduces,
    expiresAt: nowMs + minuteMs,
    rationale: { reason: 'vector', summary: 'is it locked?' },
  }
}

function lastLockEnd(risk: RiskManager): number {
  return Math.max(...risk.assessPortfolio().budgets.map(({ lockedUntil = 0 }) => lockedUntil))
}

/** A time of the day, minutes that pass, or a date. */
function timeOf(now: string | number, nowMs: number): number {
  if (typeof now === 'number') return now > 1e9 ? now : nowMs + now * minuteMs
  const text = /^\d\d:\d\d$/.test(now)
    ? `${new Date(nowMs).toISOString().slice(0, 11)}${now}:00`
    : now.replace(' ', 'T')
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
}
