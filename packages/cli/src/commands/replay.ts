import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compareWithReplay } from '@org/core'
import type { Answer } from '../answer.ts'
import { exitCodes } from '../exit-code.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'

/**
 * Rebuilds every budget from the journal alone and compares it with what the store keeps. Done on a copy of one moment, so that what
 * running bots write meanwhile is no difference.
 */
export async function replay({ store: path, clock }: Context): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'automate-replay-'))
  try {
    const copy = join(folder, 'copy.db')
    let entries: number
    {
      await using store = await openStore(path, clock)
      entries = (await store.backup(copy)).entries
    }
    await using store = await openStore(copy, clock)
    const budgets = store.read().budgets.size
    const differences = await compareWithReplay(store)
    const lines = differences.map(
      ({ what, stored, replayed }) =>
        `  ${what}\n    stored    ${stored ?? 'nothing'}\n    replayed  ${replayed ?? 'nothing'}\n`,
    )
    return {
      data: { entries, budgets, differences },
      text:
        differences.length === 0
          ? `${budgets} budgets rebuilt from ${entries} entries: all as the store keeps them\n`
          : `${differences.length} parts of the store do not follow from its journal\n${lines.join('')}`,
      exitCode: differences.length === 0 ? exitCodes.ok : exitCodes.finding,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
