import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RiskWorld } from '../../test/risk-world.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import { compareWithReplay } from '../journal/replay.ts'
import { verifyChain } from '../journal/verify-chain.ts'
import { ledgerFromText, ledgerToText } from '../ledger/snapshot.ts'
import { memoryStore } from '../store/memory-store.ts'
import { lossStreak } from './constraints/breakers.ts'
import { dailyLoss } from './constraints/daily-loss.ts'
import { frequency } from './constraints/frequency.ts'
import { lossWindow } from './constraints/loss-window.ts'

const hourMs = 3_600_000
const yearMs = 365 * 24 * hourMs

/** A moment of a process whose clock is a year ahead. */
async function inAYear(world: RiskWorld, act: () => Promise<unknown>): Promise<void> {
  world.nowMs += yearMs
  await act()
  world.nowMs -= yearMs
}

async function entriesOf(world: RiskWorld): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of world.store.journal()) entries.push(entry)
  return entries
}

describe('setTimeBack', () => {
  it('lets new risk through again, and what the wrong clock had freed counts again', async () => {
    const world = new RiskWorld([
      dailyLoss({ limit: 100 }),
      lossWindow({ limit: 1_000, window: { last: '2h' } }),
      frequency({ limit: 5, per: '1h' }),
    ])
    await world.record({ loss: 60 })
    await inAYear(world, async () => {
      expect(await world.ask({ loss: 50, count: 1 })).toBe('ok')
      await world.record({ loss: 7 })
    })
    expect(await world.ask({ loss: 1 })).toBe('RISK_CHECK_FAILED')

    await world.risk.setTimeBack('the clock of host b was a year ahead', 'ada')
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ used: 67, reserved: 50, available: 0 })
    expect(world.risk.remaining('max_window_loss')).toMatchObject({ used: 67 })
    expect(world.risk.assessPortfolio()).toMatchObject({ asOf: world.nowMs, lossToday: 67, resultEver: -67 })
    expect((await entriesOf(world)).at(-1)).toMatchObject({
      at: world.nowMs,
      fact: { type: 'time-set-back', reason: 'the clock of host b was a year ahead', by: 'ada' },
    })
    // What was reserved under the wrong time expires after the life that it had.
    world.minutesPass(5)
    expect(await world.ask({ loss: 33 })).toBe('ok')
    // Windows roll again.
    world.minutesPass(24 * 60)
    expect(world.risk.remaining('max_daily_loss')).toMatchObject({ used: 0 })
    expect(world.risk.remaining('max_window_loss')).toMatchObject({ used: 0 })
  })

  it('leaves a ledger that follows from its journal, chained, and is the same from a snapshot', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 }), frequency({ limit: 5, per: '1h' })])
    await world.record({ loss: 60, count: 2 })
    await inAYear(world, () => world.record({ loss: 7, count: 1 }))
    await world.risk.setTimeBack('why', 'ada')
    await world.record({ loss: 1 })
    expect(await compareWithReplay(world.store)).toEqual([])
    expect(await verifyChain(world.store.journal())).toBeUndefined()
    expect(ledgerFromText(ledgerToText(world.store.read()))).toEqual(world.store.read())
    const times = (await entriesOf(world)).map(({ at }) => at - world.nowMs)
    expect(times).toEqual([0, 0, 0, yearMs, 0, 0])
  })

  it('ends a lock when it would end had it begun now', async () => {
    const world = new RiskWorld([lossStreak({ losses: 2, stopFor: '1h' })])
    await inAYear(world, async () => {
      await world.close(-0.1)
      await world.close(-0.1)
    })
    await world.risk.setTimeBack('why', 'ada')
    expect(await world.ask({ loss: 1 })).toBe('LOCKED loss_streak')
    world.minutesPass(60)
    expect(await world.ask({ loss: 1 })).toBe('ok')
  })

  it('can be done again, for another wrong clock', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await world.record({ loss: 10 })
    for (const day of [0, 1]) {
      world.nowMs += day * 24 * hourMs
      await inAYear(world, () => world.record({ loss: 5 }))
      await world.risk.setTimeBack('why', 'ada')
    }
    expect(world.risk.remaining('max_daily_loss').used).toBe(5)
    // When it was gained is not known: before today, perhaps.
    await inAYear(world, () => world.record({ loss: -5 }))
    await world.risk.setTimeBack('why', 'ada')
    expect(world.risk.remaining('max_daily_loss').used).toBe(5)
  })

  it('lets no gain that leaves a window early make up for what comes back into it', async () => {
    const world = new RiskWorld([lossWindow({ limit: 1_000, window: { last: '2h' } })])
    await world.record({ loss: -60 })
    world.minutesPass(60)
    await world.record({ loss: 100 })
    await inAYear(world, () => world.record({ loss: 1 }))
    await world.risk.setTimeBack('why', 'ada')
    world.minutesPass(60)
    expect(world.risk.remaining('max_window_loss').used).toBe(101)
  })

  it('writes nothing where the ledger is not ahead, and asks who and why', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })])
    await world.record({ loss: 10 })
    const digest = world.store.digest()
    await world.risk.setTimeBack('why', 'ada')
    expect(world.store.digest()).toBe(digest)
    await expect(world.risk.setTimeBack(' ', 'ada')).rejects.toThrow('say why')
    await expect(world.risk.setTimeBack('why', '')).rejects.toThrow('say who')
  })

  it('is refused where the store no longer knows what windows had let go of', async () => {
    const world = new RiskWorld([dailyLoss({ limit: 100 })], { store: memoryStore({ journalEntriesMax: 1 }) })
    for (let i = 0; i < 5; i++) await world.record({ loss: 10 })
    await inAYear(world, () => world.record({ loss: 1 }))
    await expect(world.risk.setTimeBack('why', 'ada')).rejects.toThrow('is missing')
  })

  it('never leaves less counted than if all clocks had been right', async () => {
    const step = fc.record({
      minutes: fc.integer({ min: 0, max: 90 }),
      loss: fc.integer({ min: -50, max: 50 }),
      isRight: fc.boolean(),
    })
    const rules = () => [
      dailyLoss({ limit: 1e6 }),
      dailyLoss({ name: 'gross', limit: 1e6, basis: 'gross' }),
      lossWindow({ limit: 1e6, window: { last: '3h' } }),
      lossWindow({ name: 'gross_window', limit: 1e6, window: { last: '3h' }, basis: 'gross' }),
    ]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 6 }), async (before, after) => {
        const [wronged, true_] = [new RiskWorld(rules()), new RiskWorld(rules())]
        const play = async ({ minutes, loss }: (typeof before)[number], isRight: boolean) => {
          for (const world of [wronged, true_]) world.minutesPass(minutes)
          await true_.record({ loss })
          if (isRight) await wronged.record({ loss })
          else await inAYear(wronged, () => wronged.record({ loss }))
        }
        for (const one of before) await play(one, one.isRight)
        await wronged.risk.setTimeBack('why', 'ada')
        const compare = () => {
          for (const { name } of rules())
            expect(wronged.risk.remaining(name).used).toBeGreaterThanOrEqual(true_.risk.remaining(name).used)
        }
        compare()
        for (const one of after) {
          await play(one, true)
          compare()
        }
        expect(await compareWithReplay(wronged.store)).toEqual([])
      }),
    )
  })
})
