import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BenchResult } from './bench-result.ts'
import type { OpenReport } from './risk/open-process.ts'
import { writeJournal } from './risk/write-journal.ts'

const recordsDefault = 200_000

/**
 * A long journal: how fast a store on it starts, with which memory, and how fast all of it is replayed. `JOURNAL_RECORDS=10000000 npm run
 * bench -- journal` measures ten million records, which take some 6 GB under the system's folder for temporary files.
 */
export async function run(): Promise<BenchResult[]> {
  const records = Number(process.env['JOURNAL_RECORDS'] ?? recordsDefault)
  const folder = mkdtempSync(join(tmpdir(), 'bench-journal-'))
  const path = join(folder, 'store.db')
  try {
    const startedMs = performance.now()
    await writeJournal(path, records)
    const writeSeconds = (performance.now() - startedMs) / 1_000
    const sizeMb = statSync(path).size / 1e6
    await open(path)
    const warm = await open(path)
    forgetSnapshots(path)
    const replay = await open(path)
    const replaySeconds = replay.openMs / 1_000
    return [
      {
        name: 'records written',
        value: records,
        unit: 'records',
        note: `${(records / writeSeconds).toFixed(0)}/s, ${sizeMb.toFixed(0)} MB`,
      },
      {
        name: 'start with a snapshot',
        value: warm.openMs / 1_000,
        unit: 's',
        limit: 2,
        note: `${warm.replayed} records after it, ${(warm.cpuMs / 1_000).toFixed(2)} s of processor time`,
      },
      { name: 'start with a snapshot, peak memory', value: warm.peakMb, unit: 'MB', limit: 300 },
      {
        name: 'replay of all, each link proved',
        value: records / replaySeconds,
        unit: 'records/s at least',
        limit: 500_000,
        note: `${Math.round((records * 1_000) / replay.cpuMs)} per second of processor time`,
      },
      { name: 'replay of all, peak memory', value: replay.peakMb, unit: 'MB', limit: 300 },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** In a process of its own, so that memory is that of a fresh start. */
async function open(path: string): Promise<OpenReport> {
  const program = fileURLToPath(new URL('./risk/open-process.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@org/source', program, path])
  return JSON.parse(stdout) as OpenReport
}

function forgetSnapshots(path: string): void {
  const db = new DatabaseSync(path)
  db.exec('DELETE FROM snapshot')
  db.close()
}
