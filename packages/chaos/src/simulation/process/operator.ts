import type { Random, RiskManager } from '@org/core'
import type { SimProcess } from './sim-process.ts'

const scopes = [{}, { venue: 'bourse' }, { domain: 'gpu' }]

/** Somebody at the desk: pulls the kill switch, lets go of it, changes limits. Beside that, clocks jump. */
export async function operate(process: SimProcess, risk: RiskManager, random: Random, slots: number): Promise<void> {
  const { world } = process
  const { clockJump, operator } = world.faults.rates
  for (;;) {
    await process.clock.sleep(10_000 * random.next())
    if (random.next() < clockJump / 12)
      // Mostly seconds, at most a quarter of an hour, either way.
      world.jumpClock(Math.floor(random.next() * (slots + 1)), Math.round(7_200_000 * (random.next() - 0.5) ** 3))
    if (random.next() > operator / 12) continue
    const scope = scopes[Math.floor(random.next() * scopes.length)] ?? {}
    const act = random.next()
    const isDone = await actOn(risk, scope, act, random).then(
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

function actOn(risk: RiskManager, scope: (typeof scopes)[number], act: number, random: Random): Promise<void> {
  if (act < 0.3) return risk.halt(scope, 'by hand', 'operator')
  if (act < 0.4) return risk.reduceOnly(scope, 'by hand', 'operator')
  if (act < 0.8) return risk.resume(scope, 'by hand', 'operator')
  return risk.setLimit('max_exposure', 50 + Math.floor(150 * random.next()), 'by hand', 'operator')
}
