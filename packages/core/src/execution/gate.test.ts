import { describe, expect, it } from 'vitest'
import { buyIntent, factsOf, factTypesOf, lemonWorld, sellIntent } from '../../test/lemon-world.ts'
import { AutomationError, InvalidInputError } from '../errors/automation-error.ts'
import type { Intent, IntentId } from '../intent/intent.ts'
import { DefaultRiskManager } from '../risk/default-risk-manager.ts'
import type { RiskManager } from '../risk/risk-manager.ts'
import { silentLogger } from '../telemetry/logger.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'
import type { AnyVenue } from '../venue/venue.ts'
import { createGate } from './gate.ts'
import type { RunMode } from './run-mode.ts'
import type { SubmitResult } from './submit-result.ts'

const id = (text: string) => text as IntentId

/** The same manager with some answers replaced. */
function changed(risk: RiskManager, changes: Partial<RiskManager>): RiskManager {
  return new Proxy(risk, {
    get(target, name) {
      if (Object.hasOwn(changes, name)) return changes[name as keyof RiskManager]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

const neverSays = (): boolean => {
  throw new Error('no word')
}

const storeAway = async () => {
  throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the disk is full' })
}

describe('what the gate refuses before anything is reserved', () => {
  const cases: readonly (readonly [what: string, changes: Partial<Intent>, code: string, message: string])[] = [
    ['no venue named', { venueId: '' }, 'INVALID_INTENT', 'venueId: Too small: expected string to have >=1 characters'],
    ['NaN at stake', { effects: [{ measure: 'loss', amount: Number.NaN }] }, 'INVALID_INTENT', 'effect loss: '],
    [
      'a negative worst case',
      { effects: [{ measure: 'loss', amount: -1 }] },
      'INVALID_INTENT',
      'expected at least 0, was -1',
    ],
    ['an infinite worst case', { effects: [{ measure: 'loss', amount: Infinity }] }, 'INVALID_INTENT', 'effect loss: '],
    ['an unknown venue', { venueId: 'moon' }, 'UNKNOWN_VENUE', 'no venue is named moon; known: lemon-market'],
    ['an unknown action', { action: 'eat' }, 'UNKNOWN_ACTION', 'has no action "eat"; known: buy, sell'],
    ['a name every object has', { action: 'toString' }, 'UNKNOWN_ACTION', 'has no action "toString"'],
    ['a domain not its venue’s', { domain: 'gpu' }, 'INVALID_INTENT', 'domain: expected fruit, was gpu'],
    ['a risk that claims to be none', { reduces: true }, 'INVALID_INTENT', 'buy can add risk'],
    [
      'a reduction that adds to what is at stake',
      { action: 'sell', reduces: true, effects: [{ measure: 'exposure', amount: 5 }] },
      'INVALID_INTENT',
      'effect exposure: expected 0 of what only reduces, was 5',
    ],
    ['a reduction that is no amount', { reduction: Number.NaN }, 'INVALID_INTENT', 'reduction: '],
    ['an observation without a time', { observedAt: Number.NaN }, 'INVALID_INTENT', 'observedAt: '],
    ['wrong parameters', { params: { boxes: 0 } }, 'INVALID_INTENT', 'params of buy: boxes: '],
    ['unknown parameters', { params: { boxes: 1, color: 'red' } }, 'INVALID_INTENT', 'Unrecognized key: "color"'],
    ['one that is too old', { expiresAt: Date.UTC(2026, 0, 1, 8, 59, 30) }, 'EXPIRED', 'expired 30 s ago'],
    ['one that is due this instant', { expiresAt: Date.UTC(2026, 0, 1, 9) }, 'EXPIRED', 'expired 0 s ago'],
    ['an age that is no number', { expiresAt: Number.NaN }, 'INVALID_INTENT', 'expiresAt: '],
  ]

  it.each(cases)('%s', async (_, changes, code, message) => {
    const { gate, clock, market, budget, store } = lemonWorld()
    const result = await gate.submit(buyIntent(clock, changes))
    expect(result).toMatchObject({ status: 'rejected', rejection: { code } })
    expect(result.status === 'rejected' && result.rejection.shortMessage).toContain(message)
    expect(market.calls).toEqual([])
    expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })
    // Also a refusal is on record.
    expect(await factTypesOf(store)).toEqual(['intent-rejected'])
  })

  it('the first problem, when there are several: venue before action before parameters before age', async () => {
    const { gate, clock } = lemonWorld()
    const parts: readonly Partial<Intent>[] = [{ venueId: 'moon' }, { action: 'eat' }, { params: {} }, { expiresAt: 0 }]
    const codes: unknown[] = []
    for (let i = 0; i < parts.length; i++) {
      const changes: Partial<Intent> = Object.assign({}, ...parts.slice(i))
      const result = await gate.submit(buyIntent(clock, { ...changes, id: id(`i${i}`) }))
      codes.push(result.status === 'rejected' && result.rejection.code)
    }
    expect(codes).toEqual(['UNKNOWN_VENUE', 'UNKNOWN_ACTION', 'INVALID_INTENT', 'EXPIRED'])
  })

  it('what is no intent at all, without a stack trace', async () => {
    const { gate, store } = lemonWorld()
    for (const nothing of [undefined, null, 7, {}, []])
      expect(await gate.submit(nothing as unknown as Intent)).toMatchObject({ rejection: { code: 'INVALID_INTENT' } })
    expect(await factsOf(store)).toEqual([])
  })

  it('an intent that carries functions, since it could not be copied', async () => {
    const { gateOver, clock, market } = lemonWorld()
    const params = { boxes: 1, toJSON: () => 'two boxes' }
    const lax = Object.assign(Object.create(market), { actions: { buy: { ...market.actions.buy, params: anything } } })
    const result = await gateOver({ venues: [lax] }).submit(buyIntent(clock, { params }))
    expect(result).toMatchObject({ status: 'rejected', rejection: { code: 'INVALID_INTENT' } })
  })
})

const anything = { safeParse: (data: unknown) => ({ success: true, data }) }

describe('what the budget refuses', () => {
  it('names the limit and every figure', async () => {
    const { gate, clock, market } = lemonWorld()
    await gate.submit(buyIntent(clock))
    const result = await gate.submit(
      buyIntent(clock, { id: id('box-2'), effects: [{ measure: 'loss', amount: 8.81 }] }),
    )
    expect(result).toEqual({
      status: 'rejected',
      intentId: 'box-2',
      rejection: {
        code: 'LIMIT_EXCEEDED',
        constraint: 'max_daily_loss',
        scope: 'global',
        limit: '10.00',
        used: '1.20',
        reserved: '0.00',
        requested: '8.81',
        available: '8.80',
        shortMessage:
          'daily loss limit 10.00: used 1.20, reserved 0.00, asked 8.81, free 8.80 (max_daily_loss, global)',
      },
    })
    expect(market.orders).toHaveLength(1)
  })

  it('an intent that ended is not carried out again under the same id', async () => {
    const { gate, clock, market } = lemonWorld()
    await gate.submit(buyIntent(clock))
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ rejection: { code: 'DUPLICATE_INTENT' } })
    expect(market.orders).toHaveLength(1)
  })

  it('an intent that is under way is not carried out a second time, also by another gate of the process', async () => {
    const { gate, gateOver, clock, market } = lemonWorld()
    const intent = buyIntent(clock)
    const results = await Promise.all([gate.submit(intent), gate.submit(intent), gateOver().submit(intent)])
    expect(results.map(result => result.status)).toEqual(['settled', 'rejected', 'rejected'])
    expect(market.orders).toHaveLength(1)
  })

  it('everything, when the risk check itself fails', async () => {
    const { gateOver, risk, clock, market } = lemonWorld()
    const gate = gateOver({ risk: changed(risk, { reserve: () => Promise.reject(new Error('out of memory')) }) })
    expect(await gate.submit(buyIntent(clock))).toMatchObject({
      rejection: {
        code: 'RISK_CHECK_FAILED',
        shortMessage: 'refused, since the risk check failed: out of memory',
      },
    })
    expect(market.calls).toEqual([])
  })
})

describe('what reduces risk', () => {
  it('passes when the budget is spent, and when trading is halted or reducing', async () => {
    const { gate, clock, risk, budget } = lemonWorld()
    await risk.record({
      domain: 'fruit',
      strategyId: 'lemon-bot',
      venueId: 'lemon-market',
      postings: [{ measure: 'loss', amount: 10 }],
      note: 'a storm',
    })
    expect(budget().available).toBe(0)
    const sell = (name: string) => gate.submit(sellIntent(clock, { id: id(name) }))
    const buy = (name: string) => gate.submit(buyIntent(clock, { id: id(name), effects: [] }))
    expect(await sell('spent')).toMatchObject({ status: 'settled' })

    await risk.halt({ domain: 'fruit' }, 'frost', 'the farmer')
    expect(await sell('halted')).toMatchObject({ status: 'settled' })
    expect(await buy('b1')).toMatchObject({
      rejection: {
        code: 'HALTED',
        scope: 'domain=fruit',
        shortMessage: 'halted (domain=fruit): frost; only what reduces risk passes until resume()',
      },
    })

    await risk.resume({ domain: 'fruit' }, 'thaw', 'the farmer')
    await risk.reduceOnly({}, 'end of season', 'the farmer')
    expect(await sell('reducing')).toMatchObject({ status: 'settled' })
    expect(await buy('b2')).toMatchObject({ rejection: { code: 'REDUCING_ONLY', scope: 'global' } })

    await risk.resume({}, 'spring', 'the farmer')
    // What names no loss stands before a spent budget all the same.
    expect(await buy('b3')).toMatchObject({ rejection: { code: 'LIMIT_EXCEEDED' } })
  })

  it('waits for a limit on how often, as everything does', async () => {
    const { gate, clock, market } = lemonWorld({ perHourMax: 1 })
    await gate.submit(sellIntent(clock))
    expect(await gate.submit(sellIntent(clock, { id: id('s2') }))).toMatchObject({
      rejection: { code: 'LIMIT_EXCEEDED', constraint: 'max_frequency' },
    })
    expect(market.orders).toHaveLength(1)
  })
})

describe('an intent that passes', () => {
  it('is reserved and on record as sent before the market hears of it, and posted afterwards', async () => {
    const { gate, clock, market, budget, store } = lemonWorld()
    let before: unknown
    market.onRequest = async ({ idempotencyKey }) => {
      before = { budget: budget(), facts: await factTypesOf(store), idempotencyKey }
    }
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'settled', receipt: { venueRef: 'order-1' } })
    expect(before).toEqual({
      budget: { used: 0, reserved: 4, available: 6 },
      facts: ['intent-reserved', 'intent-sent'],
      idempotencyKey: 'box-1',
    })
    expect(budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
    expect(await factTypesOf(store)).toEqual(['intent-reserved', 'intent-sent', 'intent-settled'])
  })

  it('is carried out as it was reserved, whatever its author does to it meanwhile', async () => {
    const { gate, clock, market } = lemonWorld()
    const params = { boxes: 1 }
    const submitted = gate.submit(buyIntent(clock, { params }))
    params.boxes = 1000
    await submitted
    expect(market.orders).toEqual([{ key: 'box-1', action: 'buy', boxes: 1 }])
  })

  it('that costs more than it reserved is posted in full', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    market.rottenShare = 3
    await gate.submit(buyIntent(clock))
    expect(budget()).toEqual({ used: 12, reserved: 0, available: 0 })
  })

  it('does not leave when "sent" cannot be written down; its reservation is given back', async () => {
    const { gateOver, risk, clock, market, budget } = lemonWorld()
    const result = await gateOver({ risk: changed(risk, { markSent: storeAway }) }).submit(buyIntent(clock))
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'STORE_UNAVAILABLE', effect: 'none', shortMessage: 'nothing was sent: the disk is full' },
    })
    expect(market.calls).toEqual([])
    expect(budget().reserved).toBe(0)
  })

  it.each(['halt', 'reduceOnly'] as const)(
    'does not leave when another process says %s after it was reserved',
    async verb => {
      const { gateOver, risk, clock, store, market, budget } = lemonWorld()
      const other = new DefaultRiskManager([], { clock, store })
      const reserve: RiskManager['reserve'] = async intent => {
        const reserved = await risk.reserve(intent)
        await other[verb]({ domain: 'fruit' }, 'fire', 'anybody')
        return reserved
      }
      const result = await gateOver({ risk: changed(risk, { reserve }) }).submit(buyIntent(clock))
      const code = verb === 'halt' ? 'HALTED' : 'REDUCING_ONLY'
      expect(result).toMatchObject({ status: 'failed', error: { code, effect: 'none' } })
      expect(market.calls).toEqual([])
      expect(budget().reserved).toBe(0)
      // What reduces leaves all the same.
      const sell = sellIntent(clock, { id: id('s1') })
      expect(await gateOver({ risk: changed(risk, { reserve }) }).submit(sell)).toMatchObject({ status: 'settled' })
    },
  )

  it('does not leave when the process was stopped past its expiry while it was written down', async () => {
    const { gateOver, risk, clock, market, budget } = lemonWorld()
    const markSent = async (reservationId: string, key: string) => {
      await risk.markSent(reservationId, key)
      clock.jumpTo(clock.now() + 60_000)
    }
    const result = await gateOver({ risk: changed(risk, { markSent }) }).submit(buyIntent(clock))
    expect(result).toMatchObject({ status: 'failed', error: { code: 'EXPIRED', effect: 'none' } })
    expect(market.calls).toEqual([])
    expect(budget().reserved).toBe(0)
  })

  it('does not leave, and gives nothing back, when somebody else has sent it under another key', async () => {
    const { gateOver, risk, clock, market, budget } = lemonWorld()
    const reserve: RiskManager['reserve'] = async intent => {
      const reserved = await risk.reserve(intent)
      await risk.markSent(intent.id, 'a key of their own')
      return reserved
    }
    const result = await gateOver({ risk: changed(risk, { reserve }) }).submit(buyIntent(clock))
    expect(result).toMatchObject({ status: 'unknown', error: { code: 'ALREADY_SENT', effect: 'unknown' } })
    expect(market.calls).toEqual([])
    expect(budget().reserved).toBeGreaterThan(0)
  })

  it('does not leave when its reservation was released meanwhile', async () => {
    const { gateOver, risk, clock, market } = lemonWorld()
    const reserve: RiskManager['reserve'] = async intent => {
      const reserved = await risk.reserve(intent)
      await risk.release(intent.id, 'by somebody else')
      return reserved
    }
    const result = await gateOver({ risk: changed(risk, { reserve }) }).submit(buyIntent(clock))
    expect(result).toMatchObject({ status: 'failed', error: { code: 'RESERVATION_ENDED' } })
    expect(market.calls).toEqual([])
  })
})

describe('what the market answers', () => {
  it('nothing happened (effect none): the reservation is released', async () => {
    const { gate, clock, market, budget, store } = lemonWorld()
    market.faults.push('refused')
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'failed', error: { code: 'SOLD_OUT' } })
    expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })
    expect((await factsOf(store)).at(-1)).toMatchObject({
      type: 'intent-released',
      reason: 'SOLD_OUT: no box is left: ask tomorrow',
    })
  })

  it.each([
    ['lost-before', 'CONNECTION_LOST'],
    ['lost-after', 'CONNECTION_LOST'],
    ['bug-before', 'VENUE_FAILED'],
    ['bug-after', 'VENUE_FAILED'],
    ['bad-receipt', 'RECEIPT_INVALID'],
  ] as const)('nobody knows (%s): the reservation stays, and the request is not repeated', async (fault, code) => {
    const { gate, clock, market, budget, store } = lemonWorld()
    market.faults.push(fault)
    const intent = buyIntent(clock)
    expect(await gate.submit(intent)).toMatchObject({ status: 'unknown', error: { code } })
    expect(budget()).toEqual({ used: 0, reserved: 4, available: 6 })
    expect((await factsOf(store)).at(-1)).toMatchObject({ type: 'intent-in-doubt', code })
    // Neither a repeat nor the passing of time sends it again or frees it.
    expect(await gate.submit(intent)).toMatchObject({ rejection: { code: 'DUPLICATE_INTENT' } })
    clock.jumpTo(clock.now() + 3_600_000)
    await gate.submit(buyIntent(clock, { id: id('box-2'), effects: [] }))
    expect(market.calls).toEqual(['execute box-1', 'execute box-2'])
    expect(budget().reserved).toBe(4)
  })

  it('the adapter stumbles over the answer and calls that an invalid input: the reservation stays', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    const { execute } = market
    market.execute = async (...call) => {
      await execute.apply(market, call)
      throw new InvalidInputError({ message: 'expected a finite decimal amount, was "n/a"' })
    }
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'unknown', error: { code: 'VENUE_FAILED' } })
    expect(budget()).toEqual({ used: 0, reserved: 4, available: 6 })
    expect(await gate.reconcile()).toMatchObject({ settled: 1 })
    expect(budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
  })

  it('it happened, but that cannot be written down: the reservation stays until the market was asked', async () => {
    const { gateOver, risk, clock, market, budget } = lemonWorld()
    const result = await gateOver({ risk: changed(risk, { settle: storeAway }) }).submit(buyIntent(clock))
    expect(result).toMatchObject({ status: 'unknown', error: { code: 'OUTCOME_NOT_WRITTEN', effect: 'done' } })
    expect(budget()).toEqual({ used: 0, reserved: 4, available: 6 })
    expect(market.orders).toHaveLength(1)
  })

  it('it happened after somebody had released the reservation: it counts all the same', async () => {
    const { gate, clock, market, risk, budget, store } = lemonWorld()
    market.onRequest = () => risk.release('box-1', 'by somebody else')
    const { execute } = market
    market.execute = async (...call) => ({
      ...(await execute.apply(market, call)),
      closed: { ratio: -0.3, isStop: true },
    })
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'settled' })
    expect(budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
    expect((await factsOf(store)).at(-1)).toMatchObject({
      type: 'result-recorded',
      intentId: 'box-1',
      closed: { isStop: true },
    })
  })
})

describe('a group', () => {
  const legs = (clock: VirtualClock, ...amounts: readonly number[]) =>
    amounts.map((amount, i) => buyIntent(clock, { id: id(`leg-${i + 1}`), effects: [{ measure: 'loss', amount }] }))
  const codesOf = (results: readonly SubmitResult[]) =>
    results.map(result =>
      result.status === 'rejected'
        ? result.rejection.code
        : result.status === 'failed' || result.status === 'unknown'
          ? result.error.code
          : result.status,
    )

  it('is reserved whole before its first leg leaves', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    const seen: unknown[] = []
    market.onRequest = () => void seen.push(budget().reserved)
    expect(codesOf(await gate.submitGroup(legs(clock, 4, 3)))).toEqual(['settled', 'settled'])
    expect(seen).toEqual([7, 3])
    expect(budget()).toEqual({ used: 2.4, reserved: 0, available: 7.6 })
  })

  it('is refused whole when one leg is not admitted, not borne, or known', async () => {
    const { gate, clock, market, budget, store } = lemonWorld()
    const [a, b] = legs(clock, 4, 7) as [Intent, Intent]
    expect(codesOf(await gate.submitGroup([a, { ...b, action: 'eat' }]))).toEqual(['GROUP_REFUSED', 'UNKNOWN_ACTION'])
    const again = [
      { ...a, id: id('a2') },
      { ...b, id: id('b2') },
    ]
    expect(codesOf(await gate.submitGroup(again))).toEqual(['GROUP_REFUSED', 'LIMIT_EXCEEDED'])
    const twice = [
      { ...a, id: id('a3') },
      { ...a, id: id('a3') },
    ]
    expect(codesOf(await gate.submitGroup(twice))).toEqual(['GROUP_REFUSED', 'DUPLICATE_INTENT'])
    expect(codesOf(await gate.submitGroup([{ ...a, id: id('a4') }, a]))).toEqual(['GROUP_REFUSED', 'DUPLICATE_INTENT'])
    expect(market.calls).toEqual([])
    expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })
    expect((await factTypesOf(store)).every(type => type === 'intent-rejected')).toBe(true)
    expect(await gate.submitGroup([])).toEqual([])
  })

  it('does not disturb an intent of its that is under way', async () => {
    const { gate, gateOver, risk, clock, market } = lemonWorld()
    const [a, b] = legs(clock, 2, 2) as [Intent, Intent]
    let group: readonly SubmitResult[] = []
    const reserve: RiskManager['reserve'] = async intent => {
      group = await gate.submitGroup([a, b])
      return risk.reserve(intent)
    }
    expect(await gateOver({ risk: changed(risk, { reserve }) }).submit(a)).toMatchObject({ status: 'settled' })
    expect(codesOf(group)).toEqual(['DUPLICATE_INTENT', 'GROUP_REFUSED'])
    expect(market.orders).toHaveLength(1)
  })

  it('is left alone by reconciliation while it is under way', async () => {
    const { gate, gateOver, clock, market } = lemonWorld()
    market.onRequest = async () => {
      expect(await gateOver().reconcile()).toEqual({ settled: 0, released: 0, inDoubt: 0 })
    }
    expect(codesOf(await gate.submitGroup(legs(clock, 2, 2)))).toEqual(['settled', 'settled'])
  })

  it.each([
    ['refused', ['SOLD_OUT', 'GROUP_BROKEN', 'GROUP_BROKEN'], 0],
    ['lost-after', ['CONNECTION_LOST', 'GROUP_BROKEN', 'GROUP_BROKEN'], 2],
  ] as const)('goes no further than a leg that is %s', async (fault, codes, reserved) => {
    const { gate, clock, market, budget } = lemonWorld()
    market.faults.push(fault)
    expect(codesOf(await gate.submitGroup(legs(clock, 2, 3, 4)))).toEqual(codes)
    expect(market.calls).toEqual(['execute leg-1'])
    expect(budget().reserved).toBe(reserved)
  })

  it.each([
    ['says so', () => false],
    ['fails to say', neverSays],
  ])('goes no further when its owner, after what came back, %s', async (_, isNextWanted) => {
    const { gate, clock, market, budget } = lemonWorld()
    const seen: number[] = []
    const results = await gate.submitGroup(legs(clock, 2, 3, 4), {
      isNextWanted: done => {
        seen.push(done.length)
        return done.length < 2 || isNextWanted()
      },
    })
    expect(codesOf(results)).toEqual(['settled', 'settled', 'GROUP_BROKEN'])
    expect(seen).toEqual([1, 2])
    expect(market.calls).toEqual(['execute leg-1', 'execute leg-2'])
    expect(budget().reserved).toBe(0)
  })

  it('is asked for the next leg alone, not after the last', async () => {
    const { gate, clock } = lemonWorld()
    const isNextWanted = (done: readonly SubmitResult[]) => done.length < 2
    expect(codesOf(await gate.submitGroup(legs(clock, 2, 3), { isNextWanted }))).toEqual(['settled', 'settled'])
  })

  it('goes no further when it is aborted, and sends nothing in a dry run', async () => {
    const { gate, gateOver, clock, market, budget } = lemonWorld()
    const abort = new AbortController()
    market.onRequest = () => abort.abort()
    expect(codesOf(await gate.submitGroup(legs(clock, 2, 3), { signal: abort.signal }))).toEqual(['settled', 'ABORTED'])
    const dry = legs(clock, 2, 3).map(leg => ({ ...leg, id: id(`dry-${leg.id}`) }))
    expect(codesOf(await gateOver({ mode: 'dry-run' }).submitGroup(dry))).toEqual(['dry-run', 'dry-run'])
    expect(market.orders).toHaveLength(1)
    expect(budget().reserved).toBe(0)
  })

  it('is refused when the risk check fails', async () => {
    const { gateOver, risk, clock, market } = lemonWorld()
    const gate = gateOver({ risk: changed(risk, { reserveGroup: () => Promise.reject(new Error('no')) }) })
    expect(codesOf(await gate.submitGroup(legs(clock, 2, 3)))).toEqual(['RISK_CHECK_FAILED', 'GROUP_REFUSED'])
    expect(market.calls).toEqual([])
  })
})

describe('aborting', () => {
  it('before it was sent: nothing leaves, nothing stays reserved', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    const signal = AbortSignal.abort('enough')
    expect(await gate.submit(buyIntent(clock), { signal })).toMatchObject({
      status: 'failed',
      error: { code: 'ABORTED' },
    })
    expect(market.calls).toEqual([])
    expect(budget().reserved).toBe(0)
  })

  it('while the request is under way: the market is told, and what it says decides', async () => {
    const { gate, clock, market, budget } = lemonWorld()
    const abort = new AbortController()
    market.faults.push('lost-after')
    let isTold: boolean | undefined
    market.onRequest = ({ signal }) => {
      abort.abort()
      isTold = signal?.aborted
    }
    expect(await gate.submit(buyIntent(clock), { signal: abort.signal })).toMatchObject({ status: 'unknown' })
    expect(isTold).toBe(true)
    expect(budget().reserved).toBe(4)
  })
})

describe('the mode', () => {
  it.each(['live', 'simulated'] as const)('%s acts', async mode => {
    const { gate, clock, market } = lemonWorld({ mode })
    expect(await gate.submit(buyIntent(clock))).toMatchObject({ status: 'settled' })
    expect(market.orders).toHaveLength(1)
  })

  it('dry-run passes every check and sends nothing', async () => {
    const { gate, clock, market, budget, store } = lemonWorld({ mode: 'dry-run' })
    expect(await gate.submit(buyIntent(clock))).toEqual({ status: 'dry-run', intentId: 'box-1' })
    const tooMuch = buyIntent(clock, { id: id('box-2'), effects: [{ measure: 'loss', amount: 11 }] })
    expect(await gate.submit(tooMuch)).toMatchObject({ rejection: { code: 'LIMIT_EXCEEDED' } })
    expect(market.calls).toEqual([])
    expect(budget()).toEqual({ used: 0, reserved: 0, available: 10 })
    expect(await factTypesOf(store)).toEqual(['intent-reserved', 'intent-released', 'intent-rejected'])
  })

  it('simulated refuses a real market before anything can be sent there; the others take it', () => {
    const { market, risk, clock } = lemonWorld()
    const real = Object.assign(Object.create(market) as AnyVenue, { isReal: true })
    const gateIn = (mode: RunMode) => createGate({ venues: [real], risk, clock, mode, logger: silentLogger })
    expect(() => gateIn('simulated')).toThrow("lemon-market is a real market, and mode 'simulated' acts on stand-ins")
    expect(() => [gateIn('live'), gateIn('dry-run')]).not.toThrow()
  })

  it('dry-run for one intent alone holds in a gate that acts', async () => {
    const { gate, clock, market } = lemonWorld()
    expect(await gate.submit(buyIntent(clock), { dryRun: true })).toMatchObject({ status: 'dry-run' })
    expect(market.calls).toEqual([])
  })
})
