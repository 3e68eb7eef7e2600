import {
  AutomationError,
  createGate,
  DefaultRiskManager,
  describeError,
  Engine,
  type RiskManager,
  type Store,
  seededRandom,
  silentLogger,
} from '@org/core'
import type { Decorations } from './decorations.ts'
import { DiskStore } from './disk/disk-store.ts'
import { readGroups } from './disk/log-format.ts'
import { processDisk } from './disk/process-disk.ts'
import type { Violation } from './judge/judge.ts'
import { SimProcess } from './process/sim-process.ts'
import { gpuTrade, SimStrategy, spotTrade, type Trade } from './strategies/sim-strategy.ts'
import type { Tally } from './tally.ts'
import { venueClient } from './venues/venue-client.ts'
import { constraints, World } from './world.ts'

/** What a world came to. */
export interface Outcome {
  readonly seed: number
  readonly violation: Violation | undefined
  readonly steps: number
  readonly entries: number
  readonly fingerprint: string
  readonly tally: Tally
}

/** Which strategies run in which process. */
const crews: readonly (readonly (readonly [id: string, trade: Trade])[])[] = [
  [
    ['gpu-a', gpuTrade],
    ['spot-a', spotTrade],
  ],
  [
    ['spot-b', spotTrade],
    ['gpu-b', gpuTrade],
  ],
]
const operatorSlot = crews.length
const lifeMs = 150_000

/** Plays the world of `seed` from beginning to end; the same seed gives the same world, step by step. */
export async function runWorld(seed: number, decorations: Decorations = {}): Promise<Outcome> {
  const world = new World(seed)
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
  const engines = new Map<number, Engine>()
  const lives = new Map<number, number>()
  let isOver = false

  /** Starts a process; when it dies or cannot start, another follows. */
  const live = (slot: number) => {
    const life = (lives.get(slot) ?? 0) + 1
    lives.set(slot, life)
    const process = new SimProcess(world, slot, `p${slot}.${life}`)
    world.processes.add(process)
    void start(process, life).catch(error => {
      const isExpected = AutomationError.isInstance(error)
      world.judge.require(isExpected, 'no process ends by a bug', () => describeError(error))
      process.kill()
    })
  }
  const start = async (process: SimProcess, life: number) => {
    await process.point('starts')
    const { risk } = connectStore(world, process, decorations)
    const random = seededRandom(world.seed * 31 + process.slot * 7 + life)
    if (process.slot === operatorSlot) return operate(process, risk, random)
    const venues = world.venues.map(server => decorated(decorations.venue, venueClient(server, process), process))
    const strategies = (crews[process.slot] ?? []).map(([id, trade]) => new SimStrategy(id, trade, process))
    const engine = new Engine({ venues, strategies, risk, mode: 'simulated', random, reconcileEvery: '20s' })
    await engine.start()
    engines.set(process.slot, engine)
  }
  world.onDeath = process => {
    world.processes.delete(process)
    world.stores.delete(process)
    world.lock.release(process)
    engines.delete(process.slot)
    if (isOver) return
    void clock.sleep(faults.restartMs()).then(() => {
      if (!isOver) live(process.slot)
    })
  }

  for (let slot = 0; slot <= operatorSlot; slot++) live(slot)
  await clock.sleep(lifeMs)

  // No more faults: what lives stops in good order, and one last process ends what is still open.
  faults.end()
  isOver = true
  for (const process of world.processes) process.wake()
  await clock.sleep(20_000)
  await Promise.all([...engines.values()].map(engine => engine.stop()))
  for (const process of [...world.processes]) process.kill()
  await clock.sleep(60_000)
  await lastOrders(world, decorations)
}

/** Ends everything that is still in doubt, without a fault, and compares all books. */
async function lastOrders(world: World, decorations: Decorations): Promise<void> {
  const process = new SimProcess(world, 0, 'last')
  world.processes.add(process)
  const { risk, disk } = connectStore(world, process, decorations)
  const venues = world.venues.map(server => decorated(decorations.venue, venueClient(server, process), process))
  await risk.ready()
  const gate = createGate({ venues, risk, clock: risk.clock, mode: 'simulated', logger: silentLogger })
  for (let round = 0; round < 20 && risk.openReservations().length > 0; round++) {
    await gate.reconcile()
    await process.clock.sleep(60_000)
  }
  world.judge.onEnd(world.venues)
  world.compareWhole(disk)
}

function connectStore(
  world: World,
  process: SimProcess,
  decorations: Decorations,
): { readonly risk: RiskManager; readonly disk: DiskStore } {
  const disk = new DiskStore({
    disk: decorated(decorations.disk, processDisk(world.file, process), process),
    lock: decorated(decorations.lock, world.lock, process),
    process,
    readGroups: decorations.readGroups?.(readGroups) ?? readGroups,
  })
  world.stores.set(process, disk)
  const store: Store = decorations.store?.(disk, process) ?? disk
  const risk = new DefaultRiskManager(constraints, { store, clock: process.clock })
  return { risk: decorated<RiskManager>(decorations.risk, risk, process), disk }
}

function decorated<T>(decoration: ((part: T, process: SimProcess) => T) | undefined, part: T, process: SimProcess): T {
  return decoration === undefined ? part : decoration(part, process)
}

/** Somebody at the desk: pulls the kill switch, lets go of it, changes limits; and clocks jump. */
async function operate(process: SimProcess, risk: RiskManager, random: { next(): number }): Promise<void> {
  const { world } = process
  const { clockJump, operator } = world.faults.rates
  const scopes = [{}, { venue: 'bourse' }, { domain: 'gpu' }]
  for (;;) {
    await process.clock.sleep(10_000 * random.next())
    if (random.next() < clockJump / 12)
      world.jumpClock(Math.floor(random.next() * (crews.length + 1)), Math.round(240_000 * (random.next() - 0.5)))
    if (random.next() > operator / 12) continue
    const scope = scopes[Math.floor(random.next() * scopes.length)] ?? {}
    const act = random.next()
    const reason = 'by hand'
    const isDone = await (act < 0.3
      ? risk.halt(scope, reason, 'operator')
      : act < 0.4
        ? risk.reduceOnly(scope, reason, 'operator')
        : act < 0.8
          ? risk.resume(scope, reason, 'operator')
          : risk.setLimit('max_exposure', 50 + Math.floor(150 * random.next()), reason, 'operator')
    ).then(
      () => true,
      () => false,
    )
    world.step(isDone ? 'the operator acted' : 'the operator was refused')
    if (isDone && act < 0.4) {
      world.tally.halts++
      await process.clock.sleep(15_000 * random.next())
      await risk.resume(scope, reason, 'operator').catch(() => {})
    }
  }
}
