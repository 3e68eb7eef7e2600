import { never, type SimProcess } from '../process/sim-process.ts'
import { type Disk, DiskError, type SimFile } from './sim-disk.ts'

/**
 * The file as one process reaches it: each call takes its time, may fail, and may be the last thing the process does. Another of its calls
 * may have been its last in the same instant: a dead process writes nothing.
 */
export function processDisk(file: SimFile, process: SimProcess): Disk {
  const { world } = process
  return {
    get writes() {
      return file.writes
    },
    get syncedCount() {
      return file.syncedCount
    },
    async append(text) {
      await process.point('before a write')
      if (process.isDead) return never()
      if (world.faults.isDiskFull()) throw new DiskError('no space left on device')
      file.writes.push(text)
      await process.point('after a write')
    },
    async sync() {
      await process.clock.sleep(world.faults.syncMs())
      await process.point('before a sync')
      if (process.isDead) return never()
      if (world.faults.isSyncFailing()) throw new DiskError('input/output error')
      file.sync()
      world.onDurable()
      await process.point('after a sync')
    },
    readSnapshot: () => file.readSnapshot(),
    async writeSnapshot(text) {
      await process.point('before a snapshot')
      if (process.isDead) return never()
      if (world.faults.isDiskFull()) throw new DiskError('no space left on device')
      file.writeSnapshot(text)
      await process.point('after a snapshot')
    },
    truncate(count) {
      if (process.isDead) return
      file.writes.splice(count)
      file.syncedCount = Math.min(file.syncedCount, count)
    },
  }
}
