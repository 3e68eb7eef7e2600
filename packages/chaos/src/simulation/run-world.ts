import { createGate, Engine, seededRandom, silentLogger, verifyChain } from '@org/core'
import type { Decorations } from './decorations.ts'
import type { Violation } from './judge/judge.ts'
import { openParts } from './open-parts.ts'
import { SimProcess } from './process/sim-process.ts'
import { Supervisor } from './process/supervisor.ts'
import type { Tally } from './tally.ts'
import { traders } from './trading/traders.ts'
import { World } from './world.ts'

/** What a world came to. */
export interface Outcome {
  readonly seed: number
  readonly violation: Violation | undefined
  readonly steps: number
  readonly entries: number
  readonly fingerprint: string
  readonly tally: Tally
}

/** How long faults go on. */
const lifeMs = 150_000
/** How long those who trade have for repairing and booking when all is calm. */
const calmMs = 120_000
/** Of the last process, whose clock is right. */
const lastSlot = 9

/** Plays the world of `seed` from beginning to end; the same seed gives the same world, step by step. */
export async function runWorld(seed: number, decorations: Decorations = {}): Promise<Outcome> {
  const world = new World(seed, decorations.rates)
  await world.clock.run(() => Promise.race([story(world, decorations), world.broken]))
  return {
    seed,
    violation: world.judge.violation,
    steps: world.trace.steps,
    entries: world.headSeq,
    fingerprint: world.trace.fingerprint,
    tally: world.tally,
  }
}

async function story(world: World, decorations: Decorations): Promise<void> {
  const { clock, faults } = world
  const supervisor = new Supervisor(world, decorations)
  supervisor.start()
  await clock.sleep(lifeMs)
  faults.end()
  await supervisor.stop()
  await clock.sleep(60_000)
  await lastOrders(world, decorations)
}

/** Ends everything that is still in doubt, without a fault, and compares all books. */
async function lastOrders(world: World, decorations: Decorations): Promise<void> {
  const process = new SimProcess(world, lastSlot, 'last')
  world.processes.add(process)
  const { risk, disk, venues } = openParts(world, process, decorations, true)
  await risk.ready()
  const gate = createGate({ venues, risk, clock: risk.clock, mode: 'simulated', logger: silentLogger })
  const endAll = async () => {
    for (let round = 0; round < 200 && risk.openReservations().length > 0; round++) {
      await gate.reconcile()
      await process.clock.sleep(60_000)
    }
  }
  await endAll()
  if (world.trading !== undefined) {
    world.trading.prices.calm()
    const random = seededRandom(world.seed)
    const engine = new Engine({ venues, strategies: traders(process), risk, mode: 'simulated', random })
    await engine.start()
    await process.clock.sleep(calmMs)
    await engine.stop()
    await endAll()
  }
  world.judge.onEnd(world.venues, world.trading)
  world.compareWhole(disk)
  const broken = await verifyChain(disk.journal())
  world.judge.require(
    broken === undefined,
    'the journal on the disk is whole',
    () => `entry ${broken?.seq} ${broken?.problem}`,
  )
}
