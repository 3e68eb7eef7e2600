import { entryHash, type JournalEntry } from '@org/core'
import type { Group, ReadGroups } from '../disk/log-format.ts'
import { delegate } from './delegate.ts'
import type { Mutation } from './mutation.ts'

/** Bugs of the store and the disk below it. */
export const storeBugs: readonly Mutation[] = [
  {
    bug: 'answers before the disk has synced',
    decorations: {
      disk: (disk, process) =>
        delegate(disk, {
          sync: async () => {
            void process.clock.sleep(1_000).then(() => disk.sync())
          },
        }),
    },
  },
  { bug: 'never syncs', decorations: { disk: disk => delegate(disk, { sync: async () => {} }) } },
  {
    bug: 'does not verify the chain after a torn write',
    decorations: { readGroups: readGroups => trusting(readGroups) },
  },
  {
    bug: 'keeps half of a group after a crash',
    decorations: { disk: disk => delegate(disk, { truncate: () => {} }) },
  },
  {
    bug: 'does not keep the peak of a drawdown',
    decorations: {
      disk: disk =>
        delegate(disk, {
          writeSnapshot: text => disk.writeSnapshot(text.replaceAll(/\\"trough\\":-\d+/g, '\\"trough\\":0')),
        }),
    },
  },
  {
    bug: 'writes without the lock',
    decorations: { lock: lock => delegate(lock, { acquire: async () => true }) },
  },
  {
    bug: 'overtakes a paused process that holds the lock',
    decorations: {
      lock: lock =>
        delegate(lock, { acquire: async (process, waitMsMax) => (await lock.acquire(process, waitMsMax)) || true }),
    },
  },
]

/** Reads whatever can be parsed, and mends the chain so that it goes on from there. */
function trusting(readGroups: ReadGroups): ReadGroups {
  return (writes, from, head) => {
    const groups: Group[] = []
    let last = head
    let at = from
    while (at < writes.length) {
      const proved = readGroups(writes, at, last)
      groups.push(...proved)
      last = proved.at(-1)?.entries.at(-1) ?? last
      at = proved.at(-1)?.end ?? at
      if (at >= writes.length) break
      const entry = entryIn(writes[at] as string)
      at++
      if (entry === undefined) continue
      const seq = last.seq + 1
      const mended = { ...entry, seq, hash: entryHash(last.hash, seq, entry.at, entry.fact) }
      groups.push({ entries: [mended], states: [], end: at })
      last = mended
    }
    return groups
  }
}

function entryIn(text: string): JournalEntry | undefined {
  try {
    return text.startsWith('E') ? (JSON.parse(text.slice(1)) as JournalEntry) : undefined
  } catch {
    return undefined
  }
}
