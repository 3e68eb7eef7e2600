import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const main = 'examples/gpu-optimizer/src/main.ts'

/** `npm start` for one day in its own process. */
function start(folder: string, json: string): ChildProcess {
  const args = ['--conditions=@org/source', main, '--days', '1', '--data', folder, '--json', json]
  return spawn(process.execPath, args, { cwd: root, env: { ...process.env, VAST_AI_API_KEY: '' }, stdio: 'ignore' })
}

/** Entries in the journal of a run, whoever writes it just now. */
function entries(folder: string): number {
  const file = join(folder, 'budget.db')
  if (!existsSync(file)) return 0
  try {
    using db = new DatabaseSync(file, { readOnly: true })
    return Number(db.prepare('SELECT max(seq) AS seq FROM journal').get()?.['seq'] ?? 0)
  } catch {
    return 0
  }
}

/** Kills the process as soon as the journal has so many entries more. */
async function runAndKill(folder: string, json: string, more: number): Promise<void> {
  const goal = entries(folder) + more
  const child = start(folder, json)
  const ended = once(child, 'exit')
  while (entries(folder) < goal && child.exitCode === null) await setTimeout(5)
  child.kill('SIGKILL')
  await ended
}

/** What the run came to. The digest is of its history, which tells of the restarts. */
function figures(json: string): unknown {
  const { journalDigest: _, ...rest } = JSON.parse(readFileSync(json, 'utf8')) as Record<string, unknown>
  return rest
}

describe('a run that is killed', () => {
  it('goes on where it was and comes to the same figures', { timeout: 120_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'killed-run-'))
    try {
      const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')]
      await once(start(whole, `${whole}.json`), 'exit')
      // In the first scan between its two listings; later anywhere.
      for (const more of [3, 100, 201]) await runAndKill(cut, `${cut}.json`, more)
      expect(existsSync(`${cut}.json`)).toBe(false)
      await once(start(cut, `${cut}.json`), 'exit')
      expect(figures(`${cut}.json`)).toEqual(figures(`${whole}.json`))
      expect(await readFile(join(cut, 'market.jsonl'), 'utf8')).not.toBe('')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
