import { describe, expect, it } from 'vitest'
import { buyIntent, lemonWorld } from '../../test/lemon-world.ts'
import { opportunityOf, ScriptedStrategy } from '../../test/scripted-strategy.ts'
import { AutomationError } from '../errors/automation-error.ts'
import { dailyLoss } from '../risk/constraints/daily-loss.ts'
import { DefaultRiskManager } from '../risk/default-risk-manager.ts'
import { type Logger, silentLogger } from '../telemetry/logger.ts'
import { seededRandom } from '../time/random.ts'
import { Engine, type EngineOptions } from './engine.ts'

const minuteMs = 60_000

/** An engine over the lemon market in which one strategy scans every minute. */
function engineWorld(changes: Partial<EngineOptions> = {}) {
  const world = lemonWorld()
  const bot = new ScriptedStrategy('lemon-bot', { scanIntervalMs: minuteMs })
  const engine = new Engine({
    venues: [world.market],
    strategies: [bot],
    risk: world.risk,
    mode: 'simulated',
    jitter: 0,
    random: seededRandom(7),
    ...changes,
  })
  const startMs = world.clock.now()
  return { ...world, bot, engine, startMs, runFor: (ms: number) => world.clock.run(() => engine.run({ for: ms })) }
}

async function leaveOneInDoubt({ gate, market, clock }: ReturnType<typeof lemonWorld>) {
  market.faults.push('lost-after')
  await gate.submit(buyIntent(clock, { expiresAt: clock.now() + 10 * minuteMs }))
  market.calls.length = 0
}

describe('starting', () => {
  it('connects, asks about every intent in doubt, initialises, and only then scans', async () => {
    const world = engineWorld()
    await leaveOneInDoubt(world)
    world.bot.onInitialize = async () => {
      expect(world.budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
      world.market.calls.push('initialize')
    }
    world.bot.find = async () => {
      world.market.calls.push('scan')
      return []
    }
    await world.runFor(1)
    expect(world.market.calls).toEqual(['connect', 'reconcile box-1', 'initialize', 'scan', 'close'])
    expect(world.bot.notes).toEqual(['risk', 'initialize', 'find', 'shutdown'])
  })

  it('scans, though the market cannot tell yet, and keeps the reservation', async () => {
    const world = engineWorld({ reconcileEvery: '1h' })
    await leaveOneInDoubt(world)
    world.market.lookUpFaults.push('lost')
    await world.runFor(1)
    expect([world.bot.scansAt.length, world.budget().reserved]).toEqual([1, 4])
  })

  it('asks again on schedule, until it knows', async () => {
    const world = engineWorld({ reconcileEvery: '5m' })
    await leaveOneInDoubt(world)
    world.market.lookUpFaults.push('cannot-tell', 'lost', 'cannot-tell')
    const inDoubt: string[] = []
    world.engine.events.on('reconciliation-finished', ({ at, inDoubt: count }) =>
      inDoubt.push(`minute ${(at - world.startMs) / minuteMs}: ${count}`),
    )
    await world.runFor(60 * minuteMs)
    expect(inDoubt).toEqual(['minute 0: 1', 'minute 5: 1', 'minute 10: 1', 'minute 15: 0'])
    expect(world.engine.health().lastReconciliation).toMatchObject({ settled: 1, inDoubt: 0 })
    expect(world.market.calls.filter(call => call.startsWith('reconcile'))).toHaveLength(4)
    expect(world.budget()).toEqual({ used: 1.2, reserved: 0, available: 8.8 })
    expect(world.market.orders).toHaveLength(1)
  })

  it('warns of constraints about what it does not have: a misspelt scope protects nobody', async () => {
    const warnings: string[] = []
    const logger: Logger = { ...silentLogger, warn: (_, message) => warnings.push(message), child: () => logger }
    const { clock, engine, market, risk } = engineWorld({ logger })
    const scopes = {
      known: { domain: 'fruit', venue: market.id, strategy: ['lemon-bot'], asset: 'anything' },
      each: { venue: '*' },
      typo: { venue: 'lemon-markt' },
      partly: { domain: ['fruit', 'fish'] },
      nobody: { strategy: 'orange-bot', venue: market.id },
    } as const
    const constraints = Object.entries(scopes).map(([name, scope]) => dailyLoss({ name, limit: 1, scope }))
    await new DefaultRiskManager(constraints, risk).ready()
    await clock.run(() => engine.run({ for: 1 }))
    expect(warnings).toEqual([
      'constraint typo is about the venue "lemon-markt", which this engine does not have: it protects nothing here under that name; known: lemon-market',
      'constraint partly is about the domain "fish", which this engine does not have: it protects nothing here under that name; known: fruit',
      'constraint nobody is about the strategy "orange-bot", which this engine does not have: it protects nothing here under that name; known: lemon-bot',
    ])
  })

  it('fails in one line when the market is down; nothing was scanned and what was opened is closed', async () => {
    const world = engineWorld()
    world.market.connect = async () => {
      throw Object.assign(new Error(''), { code: 'ECONNREFUSED' })
    }
    await expect(world.runFor(minuteMs)).rejects.toMatchObject({
      code: 'VENUE_UNREACHABLE',
      shortMessage: 'lemon-market cannot be reached: ECONNREFUSED',
      retryable: true,
      effect: 'none',
    })
    expect(world.bot.notes).toEqual([])
    expect(world.market.calls).toEqual(['close'])
    expect(world.engine.health()).toMatchObject({ ready: false })
  })

  it('passes on what the market itself says is wrong', async () => {
    const world = engineWorld()
    world.market.connect = async () => {
      throw new AutomationError({ code: 'WRONG_KEY', message: 'the key is wrong: make a new one' })
    }
    await expect(world.engine.start()).rejects.toMatchObject({ code: 'WRONG_KEY' })
  })

  it('fails in one line when the store is away, before any market was touched', async () => {
    const world = engineWorld()
    await world.store.close()
    await expect(world.engine.start()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(world.market.calls).toEqual([])
  })

  it('fails in one line when a strategy cannot start', async () => {
    const world = engineWorld()
    world.bot.onInitialize = async () => {
      throw new TypeError('x is undefined\n    at line 3')
    }
    await expect(world.engine.start()).rejects.toMatchObject({
      code: 'STRATEGY_NOT_STARTED',
      shortMessage: 'strategy lemon-bot cannot start: x is undefined',
    })
    expect(world.market.calls).toEqual(['connect', 'close'])
  })

  it('happens once', async () => {
    const world = engineWorld()
    await world.runFor(1)
    await expect(world.engine.start()).rejects.toMatchObject({ code: 'ENGINE_USED' })
  })

  it.each([
    [
      'two strategies of one id',
      { strategies: [new ScriptedStrategy('a'), new ScriptedStrategy('a')] },
      'two strategies',
    ],
    ['a jitter above 1', { jitter: 1.5 }, 'jitter: expected a number from 0 to 1, was 1.5'],
    ['a jitter that is no number', { jitter: Number.NaN }, 'jitter: '],
    ['a reconciliation every 0 ms', { reconcileEvery: 0 }, 'reconcileEvery: '],
  ])('refuses %s', (_, changes, message) => {
    expect(() => engineWorld(changes)).toThrow(message)
  })

  it('is a dry run unless it was told otherwise', async () => {
    const world = lemonWorld()
    const bot = new ScriptedStrategy('lemon-bot')
    const statuses: string[] = []
    bot.find = async context => {
      statuses.push(context.mode, (await context.submit(buyIntent(world.clock))).status)
      return []
    }
    const engine = new Engine({ venues: [world.market], strategies: [bot], risk: world.risk })
    await world.clock.run(() => engine.run({ for: 1 }))
    expect(statuses).toEqual(['dry-run', 'dry-run'])
    expect(world.market.orders).toEqual([])
  })

  it('a strategy with dryRunMode stays dry in an engine that acts', async () => {
    const world = lemonWorld()
    const dry = new ScriptedStrategy('lemon-bot', { dryRunMode: true })
    const statuses: string[] = []
    dry.find = async context => {
      statuses.push((await context.submit(buyIntent(world.clock))).status)
      return []
    }
    const engine = new Engine({ venues: [world.market], strategies: [dry], risk: world.risk, mode: 'live' })
    await world.clock.run(() => engine.run({ for: 1 }))
    expect(statuses).toEqual(['dry-run'])
    expect(world.market.orders).toEqual([])
  })
})

describe('scanning', () => {
  it('happens at once and then once per interval', async () => {
    const { bot, runFor, startMs } = engineWorld()
    await runFor(3 * minuteMs + 1)
    expect(bot.scansAt.map(at => at - startMs)).toEqual([0, minuteMs, 2 * minuteMs, 3 * minuteMs])
  })

  it('is moved by less than the jitter, and the moves do not add up', async () => {
    const { bot, runFor, startMs } = engineWorld({ jitter: 0.5 })
    await runFor(200 * minuteMs)
    const shifts = bot.scansAt.slice(1).map((at, i) => (at - startMs) / minuteMs - (i + 1))
    expect(shifts.every(shift => shift >= 0 && shift < 0.5)).toBe(true)
    expect(Math.max(...shifts) - Math.min(...shifts)).toBeGreaterThan(0.4)
  })

  it('never overlaps itself: a scan that lasts longer than the interval delays the next', async () => {
    const { bot, runFor, startMs, clock } = engineWorld()
    let underWay = 0
    let most = 0
    bot.find = async () => {
      most = Math.max(most, ++underWay)
      await clock.sleep(2.5 * minuteMs)
      underWay--
      return []
    }
    await runFor(6 * minuteMs)
    expect(most).toBe(1)
    expect(bot.scansAt.map(at => (at - startMs) / minuteMs)).toEqual([0, 2.5, 5])
  })

  it('goes on at its pace when the clock is set back a year', async () => {
    const { bot, engine, clock, startMs } = engineWorld()
    const yearMs = 365 * 24 * 60 * minuteMs
    const end = new AbortController()
    bot.find = async () => {
      if (bot.scansAt.length === 2) clock.jumpTo(clock.now() - yearMs)
      if (bot.scansAt.length === 5) end.abort()
      return []
    }
    await clock.run(() => engine.run({ signal: end.signal }))
    const minutes = bot.scansAt.map(at => (at - startMs) / minuteMs)
    expect(minutes).toEqual([0, 1, ...[2, 3, 4].map(minute => minute - 365 * 24 * 60)])
  })

  it('of one strategy goes on while another fails or hangs', async () => {
    const world = lemonWorld()
    const [good, failing, hanging] = ['good', 'failing', 'hanging'].map(
      id => new ScriptedStrategy(id, { scanIntervalMs: minuteMs }),
    ) as [ScriptedStrategy, ScriptedStrategy, ScriptedStrategy]
    failing.find = async () => {
      throw new Error('no luck\nat all')
    }
    hanging.find = context => context.clock.sleep(10 * minuteMs).then(() => [])
    const engine = new Engine({
      venues: [world.market],
      strategies: [failing, hanging, good],
      risk: world.risk,
      jitter: 0,
    })
    await world.clock.run(async () => {
      const run = engine.run({ for: 6 * minuteMs })
      await world.clock.sleep(2 * minuteMs)
      // Two failures are no illness, and two intervals are not long.
      expect(engine.health()).toMatchObject({ ready: true, healthy: true })
      await world.clock.sleep(3 * minuteMs + 1)
      const { healthy, strategies } = engine.health()
      expect(healthy).toBe(false)
      expect(strategies).toEqual([
        expect.objectContaining({
          strategyId: 'failing',
          failedInARow: 6,
          lastError: 'scan of failing failed: no luck',
        }),
        expect.objectContaining({ strategyId: 'hanging', scans: 1, isStuck: true }),
        expect.objectContaining({ strategyId: 'good', scans: 6, failedInARow: 0, isStuck: false }),
      ])
      await run
    })
    expect(good.scansAt).toHaveLength(6)
  })

  it('carries out the other opportunities when one fails, and reports the failure', async () => {
    const { bot, runFor, engine, clock } = engineWorld()
    bot.find = async () => ['a', 'b', 'c'].map(name => opportunityOf(bot, name, clock.now()))
    bot.execute = async ({ id }) => {
      if (id === 'a') throw new Error('a went wrong')
      return { success: true, results: [] }
    }
    const failures: string[] = []
    engine.events.on('scan-failed', ({ error }) => failures.push(error.shortMessage))
    await runFor(1)
    expect(bot.notes.filter(note => note.startsWith('execute'))).toEqual(['execute a', 'execute b', 'execute c'])
    expect(failures).toEqual(['scan of lemon-bot failed: a went wrong'])
  })

  it.each([
    ['not worth it any more', {}, false],
    ['not to be executed automatically', { enableAutoExecution: false }, true],
  ])('proposes and does not execute what is %s', async (_, config, isWorthIt) => {
    const world = lemonWorld()
    const bot = new ScriptedStrategy('lemon-bot', config)
    bot.isWorthIt = isWorthIt
    bot.find = async () => [opportunityOf(bot, 'a', world.clock.now())]
    const engine = new Engine({ venues: [world.market], strategies: [bot], risk: world.risk, mode: 'live' })
    const declined: string[] = []
    engine.events.on('opportunity-declined', ({ opportunity }) => declined.push(opportunity.id))
    await world.clock.run(() => engine.run({ for: 1 }))
    expect(declined).toEqual(['a'])
    expect(bot.notes).not.toContain('execute a')
  })
})

describe('stopping', () => {
  it('lets the scan under way end, then every strategy shut down, then closes the markets', async () => {
    const { bot, engine, clock, market } = engineWorld()
    bot.find = async () => {
      await clock.sleep(30_000)
      market.calls.push('scan ended')
      return []
    }
    bot.onShutdown = async context => {
      // A strategy may still act: take its listings down, for example.
      const { status } = await context.submit(buyIntent(clock))
      market.calls.push(`shutdown ${status}`)
    }
    await clock.run(async () => {
      await engine.start()
      await clock.sleep(1)
      await Promise.all([engine.stop(), engine.stop()])
    })
    expect(market.calls).toEqual(['connect', 'scan ended', 'execute box-1', 'shutdown settled', 'close'])
    expect(bot.scansAt).toHaveLength(1)
  })

  it('closes everything although a shutdown fails', async () => {
    const { bot, runFor, market } = engineWorld()
    bot.onShutdown = async () => {
      throw new Error('could not save')
    }
    await runFor(1)
    expect(market.calls).toEqual(['connect', 'close'])
  })

  it('at once: breaks off what is under way and sends nothing more', async () => {
    const { bot, engine, clock, market } = engineWorld()
    bot.find = async context => {
      await context.clock.sleep(minuteMs, { signal: context.signal }).catch(() => {})
      market.calls.push(`scan ${(await context.submit(buyIntent(clock))).status}`)
      return []
    }
    await clock.run(async () => {
      await engine.start()
      await clock.sleep(1)
      await engine.abort()
    })
    expect(market.calls).toEqual(['connect', 'scan failed', 'close'])
    expect(market.orders).toEqual([])
  })

  it('at once, although a strategy ignores its signal: it is left behind, the markets are closed, and that is said', async () => {
    const errors: string[] = []
    const logger: Logger = { ...silentLogger, error: (_, message) => errors.push(message), child: () => logger }
    const { bot, engine, clock, market, startMs } = engineWorld({ logger })
    let late: string | undefined
    bot.find = async context => {
      await clock.sleep(60 * minuteMs)
      late = (await context.submit(buyIntent(clock))).status
      return []
    }
    await clock.run(async () => {
      await engine.start()
      await clock.sleep(1)
      // Somebody who asked politely first is not left waiting either.
      const stopped = engine.stop()
      await clock.sleep(1)
      await engine.abort()
      await stopped
      expect(clock.now()).toBe(startMs + 2 + 10_000)
      expect(market.calls).toEqual(['connect', 'close'])
      await clock.sleep(120 * minuteMs)
    })
    expect([late, market.orders]).toEqual(['failed', []])
    expect(bot.notes).not.toContain('shutdown')
    expect(errors).toEqual(['the scan of lemon-bot goes on although it was aborted 10 s ago: it is left behind'])
  })

  it('at once, although a shutdown and a market never end', async () => {
    const { bot, engine, clock, market, startMs } = engineWorld()
    bot.onShutdown = () => new Promise(() => {})
    market.close = () => new Promise(() => {})
    await clock.run(async () => {
      await engine.start()
      await engine.abort()
    })
    expect(clock.now()).toBe(startMs + 20_000)
  })

  it('by a signal given to run(), also before it has begun', async () => {
    const { engine, market, clock } = engineWorld()
    await clock.run(() => engine.run({ signal: AbortSignal.abort() }))
    expect(market.calls).toEqual([])
  })

  it('by a signal while it starts: nothing is scanned, and that is no error', async () => {
    const { bot, engine, market, clock } = engineWorld()
    const end = new AbortController()
    market.connect = async () => end.abort()
    await clock.run(() => engine.run({ signal: end.signal }))
    expect(bot.notes).toEqual([])
    expect(market.calls).toEqual(['close'])
  })
})

describe('events', () => {
  it('tell the whole story in order, with every entry of the journal', async () => {
    const { bot, engine, runFor, clock } = engineWorld()
    const heard: string[] = []
    bot.find = async () => [opportunityOf(bot, 'a', clock.now())]
    bot.execute = async (_, context) => {
      const result = await context.submit(buyIntent(clock))
      return { success: result.status === 'settled', results: [result] }
    }
    const { events } = engine
    events.on('engine-started', () => heard.push('engine-started'))
    events.on('scan-started', ({ strategyId }) => heard.push(`scan-started ${strategyId}`))
    events.on('journal-written', ({ fact }) => heard.push(fact.type))
    events.on('opportunity-executed', ({ result }) => heard.push(`opportunity-executed ${result.success}`))
    events.on('scan-finished', ({ opportunities, executed }) =>
      heard.push(`scan-finished ${executed}/${opportunities}`),
    )
    events.on('engine-stopped', () => heard.push('engine-stopped'))
    await runFor(1)
    expect(heard).toEqual([
      'constraint-set',
      'constraint-set',
      'engine-started',
      'scan-started lemon-bot',
      'intent-reserved',
      'intent-sent',
      'intent-settled',
      'opportunity-executed true',
      'scan-finished 1/1',
      'engine-stopped',
    ])
  })

  it('reach the other listeners and harm nobody when one listener throws', async () => {
    const { bot, engine, runFor } = engineWorld()
    let heard = 0
    engine.events.on('scan-started', () => {
      throw new Error('broken dashboard')
    })
    engine.events.on('scan-started', () => heard++)
    await runFor(minuteMs + 1)
    expect([bot.scansAt.length, heard]).toEqual([2, 2])
  })
})
