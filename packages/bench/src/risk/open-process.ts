/** Opens a store in a process of its own. Argument: file. Prints an `OpenReport`. */
import { DatabaseSync } from 'node:sqlite'
import { sqliteStore } from '@org/store-sqlite'

export interface OpenReport {
  /** From the call to a store that answers, milliseconds. */
  readonly openMs: number
  /** The same in processor time, which other work on the machine does not stretch. */
  readonly cpuMs: number
  /** Records that had to be read for it. */
  readonly replayed: number
  /** Of the whole process, as the operating system counts it. */
  readonly peakMb: number
}

const [path = ''] = process.argv.slice(2)
const db = new DatabaseSync(path, { readOnly: true })
const replayed = db
  .prepare('SELECT (SELECT max(seq) FROM journal) - coalesce((SELECT max(seq) FROM snapshot), 0) AS n')
  .get()?.['n']
db.close()
const cpuBefore = process.cpuUsage()
const startedMs = performance.now()
const store = await sqliteStore({ path })
const openMs = performance.now() - startedMs
const { user, system } = process.cpuUsage(cpuBefore)
const cpuMs = (user + system) / 1_000
const report: OpenReport = { openMs, cpuMs, replayed: Number(replayed), peakMb: process.resourceUsage().maxRSS / 1024 }
console.log(JSON.stringify(report))
await store.close()
