import { type Intent, newIntentId, type Random, type RiskManager } from '@org/core'
import type { SimProcess } from './sim-process.ts'

const scopes = [{}, { venue: 'bourse' }, { domain: 'gpu' }]

/**
 * Somebody at the desk: pulls the kill switch, lets go of it, changes limits, re-arms a drawdown, sets the time back, holds two
 * legs for a while. Beside that,
 * clocks jump.
 */
export async function operate(process: SimProcess, risk: RiskManager, random: Random, slots: number): Promise<void> {
  const { world } = process
  const { clockJump, operator } = world.faults.rates
  for (;;) {
    await process.clock.sleep(10_000 * random.next())
    if (random.next() < clockJump / 12) {
      // Mostly seconds, at most a quarter of an hour, either way.
      world.jumpClock(Math.floor(random.next() * (slots + 1)), Math.round(7_200_000 * (random.next() - 0.5) ** 3))
      await process.clock.sleep(20_000 * random.next())
      // The clock that jumped goes on as it is: it may take the ledger ahead once more.
      if (random.next() < 0.7) await risk.setTimeBack('a clock was wrong', 'operator').catch(() => {})
    }
    if (random.next() > operator / 12) continue
    const scope = scopes[Math.floor(random.next() * scopes.length)] ?? {}
    const act = random.next()
    const isDone = await actOn(process, risk, scope, act, random).then(
      () => true,
      () => false,
    )
    world.step(isDone ? 'the operator acted' : 'the operator was refused')
    if (!isDone || act >= 0.4) continue
    world.tally.halts++
    await process.clock.sleep(15_000 * random.next())
    await risk.resume(scope, 'all is well', 'operator').catch(() => {})
  }
}

function actOn(
  process: SimProcess,
  risk: RiskManager,
  scope: (typeof scopes)[number],
  act: number,
  random: Random,
): Promise<void> {
  if (act < 0.3) return risk.halt(scope, 'by hand', 'operator')
  if (act < 0.4) return risk.reduceOnly(scope, 'by hand', 'operator')
  if (act < 0.6) return risk.resume(scope, 'by hand', 'operator')
  if (act < 0.75) return risk.rearm('max_drawdown', 'looked into', 'operator', { domain: 'spot' })
  if (act < 0.9) return holdLegs(risk, process, random)
  return risk.setLimit('max_exposure', 50 + Math.floor(150 * random.next()), 'by hand', 'operator')
}

/** Reserves for two intents together, and lets go of them or leaves them to expire. */
async function holdLegs(risk: RiskManager, process: SimProcess, random: Random): Promise<void> {
  const legs = ['bourse', 'farm'].map((venueId): Intent => {
    const size = 1 + Math.floor(30 * random.next())
    return {
      id: newIntentId(`legs-${process.name}`, process.clock.now(), random),
      strategyId: 'legs',
      venueId,
      domain: venueId === 'farm' ? 'gpu' : 'spot',
      asset: venueId === 'farm' ? 'm1' : 'gold',
      action: 'hold',
      params: { size },
      effects: [
        { measure: 'loss', amount: size / 10 },
        { measure: 'exposure', amount: size },
        { measure: 'count', amount: 1 },
      ],
      reduces: false,
      expiresAt: process.clock.now() + 20_000,
      rationale: { reason: 'legs', summary: 'holds two legs' },
    }
  })
  process.world.judge.onGroup(legs.map(({ id }) => id))
  const result = await risk.reserveGroup(legs)
  if (!result.ok || random.next() < 0.3) return
  await process.clock.sleep(5_000 * random.next())
  for (const { id } of legs) await risk.release(id, 'let go of').catch(() => {})
}
