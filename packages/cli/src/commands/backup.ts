import type { Answer } from '../answer.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'

/** Copies this moment into a new file, beside running bots, and checks the copy whole. */
export async function backup({ store: path, clock }: Context, to: string): Promise<Answer> {
  await using store = await openStore(path, clock)
  const report = await store.backup(to)
  return {
    data: { file: to, ...report },
    text: `${to}: ${report.entries} entries, checked; digest ${report.digest}\n`,
  }
}
