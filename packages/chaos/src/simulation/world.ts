import { emptyLedger, evolve, type LedgerState, ledgerToText, seededRandom, VirtualClock } from '@org/core'
import type { DiskStore } from './disk/disk-store.ts'
import { FileLock } from './disk/file-lock.ts'
import { beginning, type Head, readGroups } from './disk/log-format.ts'
import { SimFile } from './disk/sim-disk.ts'
import { FaultPlan, type FaultRates } from './fault-plan.ts'
import { Judge } from './judge/judge.ts'
import type { SimProcess } from './process/sim-process.ts'
import { emptyTally } from './tally.ts'
import { Trace } from './trace.ts'
import { TradingFloor } from './trading/trading-floor.ts'
import type { VenueServer } from './venues/book.ts'
import { Bourse } from './venues/bourse.ts'
import { Farm } from './venues/farm.ts'

/** Many times as many as any world takes. */
const stepsMax = 50_000

/** One world: time, the disk, the venues, and whoever watches. Everything in it follows from its seed. */
export class World {
  readonly seed: number
  readonly clock: VirtualClock
  readonly faults: FaultPlan
  readonly file = new SimFile()
  readonly lock = new FileLock()
  readonly trace = new Trace()
  readonly tally = emptyTally()
  readonly judge: Judge
  readonly venues: readonly VenueServer[]
  /** In every third world two exchanges stand beside the other venues. */
  readonly trading: TradingFloor | undefined
  /** Resolves when a promise is broken. */
  readonly broken: Promise<void>
  readonly processes = new Set<SimProcess>()
  readonly stores = new Map<SimProcess, DiskStore>()
  onDeath: (process: SimProcess) => void = () => {}
  onPause: (process: SimProcess, pauseMs: number) => void = () => {}
  readonly #clockErrorsMs = new Map<number, number>()
  readonly #replayed: LedgerState = emptyLedger()
  #head: Head = beginning
  #offset = 0

  constructor(seed: number, rates: Partial<FaultRates> = {}) {
    this.seed = seed
    this.faults = new FaultPlan(seed, this.tally, rates)
    const random = seededRandom(seed ^ 0xb00c)
    // Some worlds live through a midnight, when daily budgets begin anew.
    this.clock = new VirtualClock({ startMs: Date.UTC(2026, 0, 2) - Math.floor(random.next() * 600_000) })
    let onViolation = () => {}
    this.broken = new Promise(resolve => {
      onViolation = resolve
    })
    this.judge = new Judge({
      tally: this.tally,
      step: () => this.trace.steps,
      trueTimeMs: () => this.clock.now(),
      onViolation,
    })
    const onDeal = (deal: Parameters<Judge['onDeal']>[0]) => this.judge.onDeal(deal)
    this.venues = [new Bourse(random, onDeal), new Farm(random, onDeal)]
    this.trading = seed % 3 === 0 ? new TradingFloor(this) : undefined
  }

  /** How many entries the journal has. */
  get headSeq(): number {
    return this.#head.seq
  }

  /** How far the clock of a process is from the true time. */
  clockErrorMs(slot: number): number {
    return this.#clockErrorsMs.get(slot) ?? 0
  }

  jumpClock(slot: number, byMs: number): void {
    this.#clockErrorsMs.set(slot, this.clockErrorMs(slot) + byMs)
    this.judge.clocksDisagree = true
    this.tally.clockJumps++
    this.step(`clock ${slot} jumps by ${byMs}`)
  }

  /** Something happened: it goes into the fingerprint, and every process that is up to date must know the same budgets as the journal. */
  step(label: string): void {
    this.trace.step(label, this.clock.now())
    this.judge.require(this.trace.steps < stepsMax, 'a world comes to its end', () => `after ${stepsMax} steps`)
    for (const [process, store] of this.stores) {
      if (process.isDead || store.isWriting || store.digest() !== this.#head.hash) continue
      const difference = differenceOf(this.#replayed, store.state)
      this.judge.require(
        difference === undefined,
        'replaying the journal gives the stored budgets',
        () => `${process.name}: ${difference ?? ''}`,
      )
    }
  }

  /** The disk has synced: the judge reads what is new on it, and all of it has to follow. */
  onDurable(): void {
    this.#readDisk()
    const { syncedCount } = this.file
    this.judge.require(
      this.#offset === syncedCount,
      'the journal on the disk is whole',
      () => `write ${this.#offset + 1} of ${syncedCount} does not follow from entry ${this.#head.seq}`,
    )
  }

  #readDisk(): void {
    const { writes, syncedCount } = this.file
    const start = this.#offset
    for (const { entries, end } of readGroups(writes.slice(start, syncedCount), 0, this.#head)) {
      for (const entry of entries) {
        evolve(this.#replayed, entry.fact, entry.at)
        this.judge.onEntry(entry)
        this.#head = entry
      }
      this.#offset = start + end
    }
  }

  /** Everything stops at once; of what was not synced, nobody knows what is left. */
  powerCut(): void {
    this.step('power cut')
    this.file.powerCut(this.faults.random)
    for (const process of [...this.processes]) process.kill()
  }

  /** A process that ends lets go of everything. */
  bury(process: SimProcess): void {
    this.processes.delete(process)
    this.stores.delete(process)
    this.lock.release(process)
    this.onDeath(process)
  }

  onStoreRefusal(): void {
    this.judge.hasStoreRefused = true
  }

  /** At the end: the whole stored ledger, not the budgets alone. */
  compareWhole(store: DiskStore): void {
    // A group that outlived a power cut without having been synced counts as well.
    this.#readDisk()
    this.judge.require(
      store.digest() === this.#head.hash && ledgerToText(store.state) === ledgerToText(this.#replayed),
      'replaying the journal gives the stored budgets',
      () => 'the ledgers differ at the end',
    )
    this.trace.add(this.#head.hash)
  }
}

function differenceOf(replayed: LedgerState, stored: LedgerState): string | undefined {
  for (const [key, budget] of replayed.budgets) {
    const other = stored.budgets.get(key)
    if (other?.reserved !== budget.reserved || other.sum !== budget.sum || other.trough !== budget.trough)
      return `${key} is ${budget.sum} and ${budget.reserved} reserved by the journal, ${String(other?.sum)} and ${String(other?.reserved)} in the store`
    if (budget.breaker?.locks.size !== other.breaker?.locks.size) return `${key} is not locked the same way`
  }
  if (replayed.budgets.size !== stored.budgets.size) return 'it knows other budgets'
  if (replayed.reservations.size !== stored.reservations.size)
    return `${replayed.reservations.size} reservations by the journal, ${stored.reservations.size} in the store`
  return undefined
}
