import type { AnyVenue, RiskManager, Store } from '@org/core'
import type { DiskStore } from './disk/disk-store.ts'
import type { Lock } from './disk/file-lock.ts'
import type { ReadGroups } from './disk/log-format.ts'
import type { Disk } from './disk/sim-disk.ts'
import type { FaultRates } from './fault-plan.ts'
import type { SimProcess } from './process/sim-process.ts'

/** Where a mutation may put something else in place of a real part. What is left out stays as it is. */
export interface Decorations {
  /** Makes a kind of fault more or less likely than the seed says, for a bug that needs a rare turn of events. */
  readonly rates?: Partial<FaultRates>
  readonly disk?: (disk: Disk, process: SimProcess) => Disk
  readonly lock?: (lock: Lock, process: SimProcess) => Lock
  readonly readGroups?: (readGroups: ReadGroups) => ReadGroups
  readonly store?: (store: DiskStore, process: SimProcess) => Store
  readonly risk?: (risk: RiskManager, process: SimProcess) => RiskManager
  /** What a paper venue writes down and reads back. */
  readonly tradingPort?: (port: Pick<Store, 'loadState' | 'saveState'>) => Pick<Store, 'loadState' | 'saveState'>
  readonly venue?: (venue: AnyVenue, process: SimProcess) => AnyVenue
}
