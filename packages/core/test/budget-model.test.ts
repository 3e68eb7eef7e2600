import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AutomationError,
  type Clock,
  cooldown,
  DefaultRiskManager,
  dailyLoss,
  defineConstraint,
  drawdown,
  emptyLedger,
  evolve,
  exposure,
  frequency,
  type GroupResult,
  type Intent,
  type IntentId,
  type JournalEntry,
  lossStreak,
  memoryStore,
  type Origin,
  operatingCost,
  type ReserveResult,
  type Scope,
  verifyChain,
} from '../src/index.ts'
import { BudgetModel } from './budget-model.ts'

/** An origin as intents carry it. */
type Place = Omit<Origin, 'asset'> & { readonly asset?: string }

const constraints = [
  dailyLoss({ limit: 50 }),
  dailyLoss({ name: 'gross_loss', limit: 80, basis: 'gross', scope: { domain: 'gpu' } }),
  dailyLoss({ name: 'shadow_loss', limit: 5, enforce: false }),
  operatingCost({ limit: 30, per: '1h', scope: { strategy: '*' } }),
  exposure({ limit: 60, scope: { asset: '*' } }),
  exposure({ name: 'all_exposure', limit: 100 }),
  frequency({ limit: 40, per: '10m', scope: { venue: '*' } }),
  drawdown({ limit: 120 }),
  cooldown({ stopFor: '20m', lookback: '1h' }),
  lossStreak({ losses: 2, lookback: '1h', stopFor: '15m', scope: { venue: '*' } }),
  defineConstraint({
    type: 'ORDER_SIZE',
    name: 'order_size',
    measure: 'loss',
    limit: 40,
    aggregation: { kind: 'per-intent' },
  }),
  defineConstraint({
    type: 'HOURLY_LOSS',
    name: 'hourly_loss',
    measure: 'loss',
    limit: 45,
    aggregation: { kind: 'rolling', lengthMs: 3_600_000, basis: 'net' },
    scope: { domain: 'gpu', venue: 'v1' },
  }),
]

const origins: readonly Place[] = ['gpu', 'ads'].flatMap(domain =>
  ['s1', 's2'].flatMap(strategyId =>
    ['v1', 'v2'].flatMap(venueId =>
      ['a@1', 'b=2,c', undefined].map(asset => ({
        domain,
        strategyId,
        venueId,
        ...(asset === undefined ? {} : { asset }),
      })),
    ),
  ),
)

const scopes: readonly Scope[] = [{}, { domain: 'gpu' }, { venue: '*' }, { strategy: 's1', asset: 'b=2,c' }]

const measure = fc.constantFrom('loss', 'unrealised-loss', 'operating-cost', 'exposure', 'count', 'kwh')
const effects = fc.array(fc.record({ measure, amount: fc.nat(40) }), { maxLength: 4 })
const postings = fc.array(fc.record({ measure, amount: fc.integer({ min: -40, max: 60 }) }), { maxLength: 3 })
const origin = fc.constantFrom(...origins)
// Mostly what was done last, so that stories of several steps come about.
const pick = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(7))

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      origin,
      effects,
      reduces: fc.boolean(),
      ttl: fc.nat(20),
      again: fc.boolean(),
      pick,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('group' as const),
      legs: fc.array(fc.record({ origin, effects, reduces: fc.boolean() }), { minLength: 2, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reserve up to' as const), origin, loss: fc.nat(60), count: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), origin, ratio: fc.constantFrom(-0.1, 0.1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rearm' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('send' as const), pick }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('settle' as const), pick, postings }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('record' as const), origin, postings }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('tick' as const),
      minutes: fc.oneof(fc.nat(15), fc.constant(700), fc.constant(-30)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stop' as const),
      scope: fc.constantFrom(...scopes),
      to: fc.constantFrom('halt', 'reduceOnly', 'resume'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('limit' as const),
      name: fc.constantFrom(
        ...constraints.filter(({ aggregation }) => aggregation.kind !== 'breaker').map(({ name }) => name),
      ),
      limit: fc.nat(90),
    }),
  },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** The product and the model side by side. */
class Pair {
  readonly model = new BudgetModel(constraints)
  readonly store = memoryStore()
  wallMs = Date.UTC(2026, 0, 1)
  readonly risk: DefaultRiskManager
  readonly ids: string[] = []

  constructor() {
    const clock: Clock = { now: () => this.wallMs, sleep: async () => {}, track: work => work }
    this.risk = new DefaultRiskManager(constraints, { store: this.store, clock })
    this.model.nowMs = this.wallMs
  }

  async run(next: Command): Promise<void> {
    const { model, risk } = this
    switch (next.do) {
      case 'reserve': {
        const intent = this.#intent(next)
        const before = this.#figures()
        const answer = answerOf(await risk.reserve(intent))
        // An intent's age is measured by its process's clock, its reservation's by the ledger's time.
        expect(answer).toBe(model.reserve({ ...intent, expiresAt: model.nowMs + next.ttl * 60_000 }))
        if (answer === 'ok' && !intent.reduces) this.#expectNoOverspend(intent, before)
        return
      }
      case 'group': {
        const intents = next.legs.map(leg => this.#intent({ ...leg, ttl: 10, again: false, pick: 0 }))
        const answer = answerOf(await risk.reserveGroup(intents))
        const expiresAt = model.nowMs + 10 * 60_000
        expect(answer).toBe(model.reserveGroup(intents.map(intent => ({ ...intent, expiresAt }))))
        return
      }
      case 'reserve up to': {
        const effects = [
          { measure: 'loss' as const, amount: next.loss },
          { measure: 'count' as const, amount: next.count },
        ]
        const intent = this.#intent({ ...next, effects, reduces: false, ttl: 10, again: false, pick: 0 })
        const { amount, binds } = model.freeLoss(intent)
        const cut = {
          ...intent,
          expiresAt: model.nowMs + 10 * 60_000,
          effects: [{ measure: 'loss', amount }, ...effects.slice(1)],
        }
        const result = await risk.reserve(intent, { upTo: ['loss'] })
        const isNothing = amount === 0 && next.loss > 0
        expect(answerOf(result)).toBe(isNothing ? model.refuse(cut, `LIMIT_EXCEEDED ${binds}`) : model.reserve(cut))
        if (result.ok) expect(Number(result.reservation.effects[0]?.amount)).toBe(amount)
        return
      }
      case 'close':
        await risk.record({ ...next.origin, postings: [], note: 'model', closed: { ratio: next.ratio } })
        model.sweep()
        model.close(next.origin, next.ratio)
        return
      case 'rearm':
        await risk.rearm('max_drawdown', 'model', 'model').catch(onlyCode('NOTHING_TO_REARM'))
        model.rearm()
        return
      case 'send': {
        const id = this.#known(next.pick)
        const reservation = id === undefined ? undefined : model.open.get(id)
        if (id === undefined) return
        const sent = await risk.markSent(id, id).then(
          () => true,
          () => false,
        )
        const isSendable = reservation !== undefined && model.maySend(reservation.intent)
        expect(sent).toBe(isSendable)
        if (isSendable) reservation.isSent = true
        return
      }
      case 'settle': {
        const id = this.#known(next.pick)
        if (id === undefined) return
        await risk.settle(id, next.postings)
        model.end(id, next.postings)
        return
      }
      case 'release': {
        const id = this.#known(next.pick)
        if (id === undefined) return
        await risk.release(id, 'model')
        model.end(id, undefined)
        return
      }
      case 'record':
        await risk.record({ ...next.origin, postings: next.postings, note: 'model' })
        model.sweep()
        model.post(next.origin, next.postings)
        return
      case 'tick': {
        // The ledger's time is that of its newest fact or later: a clock set back does not turn it back.
        // By more than an hour nobody would take new risk: a test of its own.
        const { lastAtMs } = this.store.read()
        this.wallMs = Math.max(this.wallMs + next.minutes * 60_000, lastAtMs - 60 * 60_000)
        model.nowMs = Math.max(this.wallMs, lastAtMs)
        return
      }
      case 'stop': {
        await risk[next.to](next.scope, 'model', 'model').catch(onlyCode('NOT_HALTED'))
        const key = JSON.stringify(next.scope)
        if (next.to === 'resume') model.stops.delete(key)
        else model.stops.set(key, { scope: next.scope, kind: next.to === 'halt' ? 'halted' : 'reducing' })
        return
      }
      case 'limit': {
        await risk.setLimit(next.name, next.limit, 'model', 'model')
        const changed = this.store.read().constraints.get(next.name)
        if (changed !== undefined) model.constraints.set(next.name, changed)
        return
      }
    }
  }

  /** Every budget of the product is what the model adds up. */
  expectAgreement(): void {
    for (const at of origins)
      for (const constraint of this.model.constraints.values()) {
        const fields = [
          [constraint.scope.domain, at.domain],
          [constraint.scope.strategy, at.strategyId],
          [constraint.scope.venue, at.venueId],
          [constraint.scope.asset, at.asset],
        ]
        const isCovered = fields.every(
          ([want, is]) => want === undefined || (is !== undefined && (want === '*' || want === is)),
        )
        if (!isCovered) continue
        const { used, reserved } = this.risk.remaining(constraint.name, at)
        const model = { used: this.model.used(constraint, at), reserved: this.model.reserved(constraint, at) }
        // `expect` on every figure would take most of the time.
        if (used !== model.used || reserved !== model.reserved)
          expect({ used, reserved }, `${constraint.name} of ${JSON.stringify(at)}`).toEqual(model)
      }
  }

  #intent(next: Omit<Extract<Command, { do: 'reserve' }>, 'do'>): Intent {
    const known = this.#known(next.pick)
    const id = next.again && known !== undefined ? known : `i${this.ids.length}`
    if (id !== known) this.ids.push(id)
    return {
      ...next.origin,
      id: id as IntentId,
      action: 'act',
      params: {},
      effects: next.effects,
      reduces: next.reduces,
      expiresAt: this.wallMs + next.ttl * 60_000,
      rationale: { reason: 'model', summary: 'model' },
    }
  }

  #known(pick: number): string | undefined {
    return this.ids.at(-1 - pick)
  }

  #figures(): Map<string, number> {
    return new Map([...this.store.read().budgets].map(([key, budget]) => [key, budget.reserved]))
  }

  /** What a reservation took stays within every enforced limit; and it took from all budgets that match, or from none. */
  #expectNoOverspend(intent: Intent, before: Map<string, number>): void {
    for (const { name, enforce, measure } of this.store.read().constraints.values()) {
      const status = this.risk.remaining(name, intent)
      const asks = intent.effects.some(effect => effect.measure === measure && Number(effect.amount) > 0)
      const grew = status.reserved * 1e6 > (before.get(`${name}@${status.scope}`) ?? 0)
      if (enforce && asks && grew) expect(status.used + status.reserved).toBeLessThanOrEqual(status.limit)
    }
  }
}

/** Where there is nothing to do, the product says so and the model does nothing. */
function onlyCode(code: string): (error: unknown) => void {
  return error => {
    if (!AutomationError.isInstance(error) || error.code !== code) throw error
  }
}

function answerOf(result: ReserveResult | GroupResult): string {
  if (result.ok) return 'reservation' in result && result.reservation.isRepeat ? 'exists' : 'ok'
  return [result.rejection.code, result.rejection.constraint].filter(Boolean).join(' ')
}

describe('the shared budget', () => {
  it('does what the obvious model does, in any order of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 25 }), async commands => {
        const pair = new Pair()
        for (const next of commands) await pair.run(next)
        pair.expectAgreement()
        await expectSoundJournal(pair.store.journal(), pair)
      }),
      { numRuns: 2000 },
    )
  }, 60_000)
})

async function expectSoundJournal(journal: AsyncIterable<JournalEntry>, pair: Pair): Promise<void> {
  const entries: JournalEntry[] = []
  for await (const entry of journal) entries.push(entry)
  const replayed = emptyLedger()
  const ends = new Map<string, number>()
  for (const { fact, at } of entries) {
    evolve(replayed, fact, at)
    const id =
      fact.type === 'intent-settled' || fact.type === 'intent-released'
        ? fact.reservationId
        : fact.type === 'intent-rejected'
          ? fact.intent.id
          : undefined
    if (id !== undefined) ends.set(id, (ends.get(id) ?? 0) + 1)
  }
  expect(replayed).toEqual(pair.store.read())
  expect([...ends.values()].filter(count => count !== 1)).toEqual([])
  expect([...ends.keys()].sort()).toEqual([...pair.model.ended].sort())
  expect(await verifyChain(iterate(entries))).toBeUndefined()
}

async function* iterate<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items
}
