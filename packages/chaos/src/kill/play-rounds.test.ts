import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { playRounds } from './play-rounds.ts'

describe('kill rounds', () => {
  it.skipIf(process.platform === 'win32')(
    'hold every promise, also when the disk fills up and a process is stopped',
    {
      timeout: 60_000,
    },
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'kill-rounds-'))
      const lines: string[] = []
      try {
        // Two processes killed, one stopped, the disk full.
        const { failed } = await playRounds({ rounds: 3, firstSeed: 1, folder, log: line => lines.push(line) })
        expect(failed, lines.join('\n')).toBe(0)
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )
})
