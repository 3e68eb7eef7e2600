import { hash } from 'node:crypto'
import type { Random } from '@org/core'

/** A failure of the disk as the operating system tells of it. */
export class DiskError extends Error {}

/** A file that is only ever appended to, as a store sees it. */
export interface Disk {
  /** What a reader sees now: synced writes and those in the cache of the operating system. */
  readonly writes: readonly string[]
  /** How many of `writes` survive a power cut. */
  readonly syncedCount: number
  /** Not on the disk before the next {@link Disk.sync}. */
  append(text: string): Promise<void>
  sync(): Promise<void>
  /** Drops what was written after the first `count` writes. */
  truncate(count: number): void
  /** The newest snapshot that was written whole. */
  readSnapshot(): string | undefined
  /** Replaces the snapshot; not on the disk before the next {@link Disk.sync}. */
  writeSnapshot(text: string): Promise<void>
}

/** The file behind every process of a world. It outlives them; a power cut takes what was not synced, whole or in part. */
export class SimFile {
  writes: string[] = []
  syncedCount = 0
  #snapshots: string[] = []
  #syncedSnapshots: string[] = []

  sync(): void {
    this.syncedCount = this.writes.length
    this.#syncedSnapshots = [...this.#snapshots]
  }

  /** The newest two are kept, each behind its checksum. */
  writeSnapshot(text: string): void {
    this.#snapshots = [...this.#snapshots, `${hash('sha256', text)} ${text}`].slice(-2)
  }

  readSnapshot(): string | undefined {
    const whole = this.#snapshots.findLast(snapshot => hash('sha256', snapshot.slice(65)) === snapshot.slice(0, 64))
    return whole?.slice(65)
  }

  /**
   * Of the writes in the cache any may have reached the disk, and the last that did may be torn: cut off in the middle, or with its end
   * overwritten by whatever the sector held before.
   */
  powerCut(random: Random): void {
    const cached = this.writes.splice(this.syncedCount)
    const survivors = random.next() < 0.5 ? cached.slice(0, Math.ceil(random.next() * cached.length)) : cached
    const kept = random.next() < 0.7 ? survivors : survivors.filter(() => random.next() < 0.5)
    const last = kept.pop()
    this.writes.push(...kept)
    if (last !== undefined) {
      const cut = Math.floor(random.next() * last.length)
      const fate = random.next()
      if (fate < 0.4) this.writes.push(last.slice(0, cut))
      else if (fate < 0.6) this.writes.push(last.slice(0, cut) + '\0'.repeat(last.length - cut))
      else if (fate < 0.8) this.writes.push(last.replace(/\d(?=[^\d]*$)/, digit => String((Number(digit) + 1) % 10)))
      else this.writes.push(last)
    }
    const unsynced = this.#snapshots.at(-1)
    if (unsynced !== this.#syncedSnapshots.at(-1) && unsynced !== undefined && random.next() < 0.5)
      this.#syncedSnapshots.push(unsynced.slice(0, Math.floor(random.next() * unsynced.length)))
    this.#snapshots = [...this.#syncedSnapshots]
    this.sync()
  }
}
