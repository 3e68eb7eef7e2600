import { DefaultRiskManager } from '@org/core'
import type { Answer } from '../answer.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'
import { moment } from '../table.ts'

/** Sets the ledger's time back to this clock, after a wrong clock took it ahead. */
export async function timeBack(
  { store: path, clock }: Context,
  { reason, by }: { readonly reason: string; readonly by: string },
): Promise<Answer> {
  await using store = await openStore(path, clock)
  const before = store.read().lastAtMs
  const aheadMs = Math.max(0, before - clock.now())
  await new DefaultRiskManager([], { store, clock }).setTimeBack(reason, by)
  const after = store.read().lastAtMs
  return {
    data: { aheadMs, lastAtBefore: before, lastAt: after },
    text:
      aheadMs === 0
        ? `the ledger's time is not ahead of this clock (${moment(clock.now())} UTC): nothing was changed\n`
        : `set back from ${moment(before)} to ${moment(after)} UTC\n`,
  }
}
