import { AutomationError, describeError, Engine, seededRandom } from '@org/core'
import type { Decorations } from '../decorations.ts'
import { openParts } from '../open-parts.ts'
import { gpuTrade, SimStrategy, spotTrade, type Trade } from '../strategies/sim-strategy.ts'
import { traders } from '../trading/traders.ts'
import type { World } from '../world.ts'
import { operate } from './operator.ts'
import { SimProcess } from './sim-process.ts'

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
/** In trading worlds: the process that has the accounts at the exchanges. */
const traderSlot = operatorSlot + 1

/** How long a process may be silent before another takes its place, although it may only sleep. */
const silenceMsMax = 25_000
/** How long stopping in good order may take: a request, its answer, and what has to be written. */
const stopMsMax = 60_000
/** How long one that was replaced goes on after it has woken. */
const afterlifeMs = 30_000

/**
 * Keeps the processes of a world running: starts another when one has died, and, as supervisors do, also when one has only been silent for
 * long, so that two processes run the same strategies when it wakes. Now and then it restarts one in good order.
 */
export class Supervisor {
  readonly #world: World
  readonly #decorations: Decorations
  readonly #current = new Map<number, SimProcess>()
  readonly #engines = new Map<SimProcess, Engine>()
  readonly #lives = new Map<number, number>()
  #isOver = false

  constructor(world: World, decorations: Decorations) {
    this.#world = world
    this.#decorations = decorations
    world.onDeath = process => this.#onDeath(process)
    world.onPause = (process, pauseMs) => this.#onPause(process, pauseMs)
  }

  start(): void {
    const { trading } = this.#world
    for (let slot = 0; slot <= this.#lastSlot; slot++) this.#live(slot)
    void trading?.prices.move()
    void this.#restartNowAndThen()
  }

  /** What lives stops in good order. */
  async stop(): Promise<void> {
    const { clock, judge, processes } = this.#world
    this.#isOver = true
    for (const process of processes) process.wake()
    await clock.sleep(20_000)
    const stopped = [...this.#engines].map(async ([process, engine]) => {
      const isInTime = await Promise.race([engine.stop().then(() => true), clock.sleep(stopMsMax).then(() => false)])
      judge.require(isInTime || process.isDead, 'what lives stops when it is asked to', () => `${process.name} goes on`)
    })
    await Promise.all(stopped)
    for (const process of [...processes]) process.kill()
  }

  get #lastSlot(): number {
    return this.#world.trading === undefined ? operatorSlot : traderSlot
  }

  #live(slot: number): void {
    const life = (this.#lives.get(slot) ?? 0) + 1
    this.#lives.set(slot, life)
    const process = new SimProcess(this.#world, slot, `p${slot}.${life}`)
    this.#current.set(slot, process)
    this.#world.processes.add(process)
    void this.#run(process, life).catch(error => {
      const isExpected = AutomationError.isInstance(error)
      this.#world.judge.require(isExpected, 'no process ends by a bug', () => describeError(error))
      process.kill()
    })
  }

  async #run(process: SimProcess, life: number): Promise<void> {
    await process.point('starts')
    const isTrader = process.slot === traderSlot
    const { risk, venues } = openParts(this.#world, process, this.#decorations, isTrader)
    const random = seededRandom(this.#world.seed * 31 + process.slot * 7 + life)
    if (process.slot === operatorSlot) return operate(process, risk, random, this.#lastSlot)
    const crew = crews[process.slot] ?? []
    const strategies = isTrader ? traders(process) : crew.map(([id, trade]) => new SimStrategy(id, trade, process))
    const engine = new Engine({ venues, strategies, risk, mode: 'simulated', random, reconcileEvery: '20s' })
    await engine.start()
    this.#engines.set(process, engine)
  }

  #onDeath(process: SimProcess): void {
    this.#engines.delete(process)
    if (this.#isOver || this.#current.get(process.slot) !== process) return
    void this.#world.clock.sleep(this.#world.faults.restartMs()).then(() => {
      if (!this.#isOver && this.#current.get(process.slot) === process) this.#live(process.slot)
    })
  }

  #onPause(process: SimProcess, pauseMs: number): void {
    if (pauseMs <= silenceMsMax || process.slot === operatorSlot) return
    const { clock, judge, tally } = this.#world
    void clock.sleep(silenceMsMax).then(async () => {
      if (this.#isOver || process.isDead || this.#current.get(process.slot) !== process) return
      tally.replaced++
      // A paper account belongs to one process: it is ended for good before another takes its place.
      if (process.slot === traderSlot) return process.kill()
      judge.hasTwins = true
      this.#live(process.slot)
      await clock.sleep(pauseMs - silenceMsMax + afterlifeMs)
      process.kill()
    })
  }

  async #restartNowAndThen(): Promise<void> {
    const { clock, faults, tally, trading } = this.#world
    const restarted = trading === undefined ? [0, 1] : [0, 1, traderSlot]
    for (;;) {
      await clock.sleep(30_000)
      const slot = faults.restartSlot(restarted.length)
      const process = slot === undefined ? undefined : this.#current.get(restarted[slot] ?? 0)
      const engine = process === undefined ? undefined : this.#engines.get(process)
      if (this.#isOver) return
      if (process === undefined || engine === undefined) continue
      tally.restarts++
      await Promise.race([engine.stop(), clock.sleep(60_000)])
      process.kill()
    }
  }
}
