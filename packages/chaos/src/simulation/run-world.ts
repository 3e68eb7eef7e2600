import { createGate, silentLogger, verifyChain } from '@org/core'
import type { Decorations } from './decorations.ts'
import type { Violation } from './judge/judge.ts'
import { openParts } from './open-parts.ts'
import { SimProcess } from './process/sim-process.ts'
import { Supervisor } from './process/supervisor.ts'
import type { Tally } from './tally.ts'
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
  const process = new SimProcess(world, 0, 'last')
  world.processes.add(process)
  const { risk, disk, venues } = openParts(world, process, decorations)
  await risk.ready()
  const gate = createGate({ venues, risk, clock: risk.clock, mode: 'simulated', logger: silentLogger })
  for (let round = 0; round < 200 && risk.openReservations().length > 0; round++) {
    await gate.reconcile()
    await process.clock.sleep(60_000)
  }
  world.judge.onEnd(world.venues)
  world.compareWhole(disk)
  const broken = await verifyChain(disk.journal())
  world.judge.require(
    broken === undefined,
    'the journal on the disk is whole',
    () => `entry ${broken?.seq} ${broken?.problem}`,
  )
}
