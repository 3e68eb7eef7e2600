import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createGate,
  DefaultRiskManager,
  dailyLoss,
  type Fact,
  type Intent,
  type IntentId,
  memoryStore,
  silentLogger,
  VirtualClock,
} from '../src/index.ts'
import { type LemonFault, LemonMarket, type LookUpFault } from './lemon-market.ts'
import { buyIntent, factsOf, sellIntent } from './lemon-world.ts'
import { MortalProcess } from './mortal-process.ts'

const limit = 20

/** What one life of the process meets: intents, faults of the market, and the step at which it dies (if it comes so far). */
const life = fc.record({
  intents: fc.array(
    fc.record({
      boxes: fc.integer({ min: 1, max: 3 }),
      sells: fc.boolean(),
      repeats: fc.boolean(),
      fault: fc.option(
        fc.constantFrom<LemonFault>('refused', 'lost-before', 'lost-after', 'bug-before', 'bug-after', 'bad-receipt'),
        { nil: undefined },
      ),
    }),
    { maxLength: 5 },
  ),
  way: fc.constantFrom('one by one' as const, 'together' as const, 'as a group' as const),
  lookUpFaults: fc.array(fc.constantFrom<LookUpFault>('cannot-tell', 'lost'), { maxLength: 3 }),
  stepsUntilDeath: fc.integer({ min: 1, max: 60 }),
  pauseMs: fc.integer({ min: 0, max: 600_000 }),
})

type Life = ReturnType<typeof life.generate>['value']

/** The market with a fault bound to each intent, so that calls at the same time meet what was meant for them. */
class FaultyMarket extends LemonMarket {
  readonly faultOf = new Map<string, LemonFault>()

  override async execute(...[intent, options]: Parameters<LemonMarket['execute']>) {
    const fault = this.faultOf.get(intent.id)
    if (fault !== undefined) this.faults.push(fault)
    return super.execute(intent, options)
  }
}

async function live(lives: readonly Life[]) {
  const clock = new VirtualClock()
  const market = new FaultyMarket(clock)
  const store = memoryStore()
  const accounts = new DefaultRiskManager([dailyLoss({ limit })], { clock, store })
  const submitted = new Set<string>()
  const sent = new Set<string>()
  // What a listener or a market throws is the gate's to swallow: written down here, judged at the end.
  const violations: string[] = []
  store.subscribe(({ fact }) => {
    if (fact.type === 'intent-sent') sent.add(fact.idempotencyKey)
    const { used, reserved } = accounts.remaining('max_daily_loss')
    if (used + reserved > limit) violations.push(`overspent: used ${used}, reserved ${reserved}`)
  })
  market.onRequest = ({ idempotencyKey }) => {
    if (!sent.has(idempotencyKey)) violations.push(`${idempotencyKey} left before it was on record as sent`)
  }

  const start = (stepsUntilDeath: number) => {
    const process = new MortalProcess(stepsUntilDeath)
    const risk = new DefaultRiskManager([dailyLoss({ limit })], { clock, store: process.storeOver(store) })
    const gate = createGate({ venues: [process.venueOver(market)], risk, clock, mode: 'live', logger: silentLogger })
    return { process, gate }
  }

  for (const [number, { intents, way, lookUpFaults, stepsUntilDeath, pauseMs }] of lives.entries()) {
    const { process, gate } = start(stepsUntilDeath)
    market.lookUpFaults.splice(0, market.lookUpFaults.length, ...lookUpFaults)
    const intentOf = ({ boxes, sells, fault }: Life['intents'][number], place: number): Intent => {
      const id = `life-${number}-intent-${place}` as IntentId
      const draft: Partial<Intent> = { id, params: { boxes }, effects: [{ measure: 'loss', amount: boxes * 4 }] }
      if (fault !== undefined) market.faultOf.set(id, fault)
      submitted.add(id)
      return sells ? sellIntent(clock, draft) : buyIntent(clock, draft)
    }
    const submit = async (todo: Life['intents'][number], place: number) => {
      const intent = intentOf(todo, place)
      await gate.submit(intent)
      if (todo.repeats) await gate.submit(intent)
    }
    const work = async () => {
      await gate.reconcile()
      if (way === 'as a group') await gate.submitGroup(intents.map(intentOf))
      else if (way === 'together') await Promise.all([...intents.map(submit), gate.reconcile()])
      else for (const [place, intent] of intents.entries()) await submit(intent, place)
      await gate.reconcile()
    }
    await Promise.race([work(), process.death])
    clock.jumpTo(clock.now() + pauseMs)
  }

  market.lookUpFaults.length = 0
  await start(Number.POSITIVE_INFINITY).gate.reconcile()
  return { market, submitted, accounts, violations, facts: await factsOf(store) }
}

const endings: readonly Fact['type'][] = ['intent-settled', 'intent-released', 'intent-rejected']

function endingsOf(facts: readonly Fact[], id: string): readonly string[] {
  return facts.flatMap(fact => {
    const of = 'reservationId' in fact ? fact.reservationId : 'intent' in fact ? fact.intent.id : undefined
    return of === id && endings.includes(fact.type) ? [fact.type] : []
  })
}

describe('whatever the market does and wherever the process dies', () => {
  it('each intent ends once, is carried out at most once, and the books of both sides agree', {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 5 }), async lives => {
        const { market, submitted, accounts, violations, facts } = await live(lives)
        expect(violations).toEqual([])
        expect(accounts.openReservations()).toEqual([])
        const keys = market.orders.map(order => order.key)
        expect(new Set(keys).size).toBe(keys.length)
        const requests = market.calls.filter(call => call.startsWith('execute'))
        expect(new Set(requests).size).toBe(requests.length)
        let lost = 0
        for (const id of submitted) {
          const ended = endingsOf(facts, id)
          // One that died before its first write is in no journal, and at no market.
          const known = facts.some(fact => 'intent' in fact && fact.intent.id === id)
          expect(ended).toHaveLength(known ? 1 : 0)
          const order = market.orders.find(({ key }) => key === id)
          expect(order !== undefined).toBe(ended[0] === 'intent-settled')
          if (order?.action === 'buy') lost += order.boxes * 4 * 0.3
        }
        const { used, reserved } = accounts.remaining('max_daily_loss')
        expect(used).toBeCloseTo(lost, 5)
        expect(reserved).toBe(0)
      }),
      { numRuns: 400 },
    )
  })

  it('is a test that would notice: dying at each single step of one order leaves every kind of remains', async () => {
    const remains = new Set<string>()
    for (let stepsUntilDeath = 1; stepsUntilDeath <= 12; stepsUntilDeath++) {
      const intents = [{ boxes: 1, sells: false, repeats: false, fault: undefined }]
      const { facts, market } = await live([
        { intents, way: 'one by one', lookUpFaults: [], stepsUntilDeath, pauseMs: 0 },
      ])
      remains.add(`${facts.map(fact => fact.type.slice(7)).join(' ')} | ${market.orders.length}`)
    }
    expect([...remains]).toEqual([
      ' | 0',
      'reserved released | 0',
      'reserved sent released | 0',
      'reserved sent settled | 1',
    ])
  })
})
