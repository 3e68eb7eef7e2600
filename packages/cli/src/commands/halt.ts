import { DefaultRiskManager, type JournalEntry } from '@org/core'
import type { Answer } from '../answer.ts'
import { openStore } from '../open-store.ts'
import { type ScopeOptions, scopeInWords, scopeOf } from '../scope-options.ts'
import type { Context } from '../surroundings.ts'
import { haltsIn, haltsText } from './status.ts'

export interface HaltOptions extends ScopeOptions {
  readonly reason: string
  readonly by: string
}

/** New risk in the scope is refused from now on, by every process on the store; what reduces risk passes. */
export async function halt({ store: path, clock }: Context, options: HaltOptions): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  await risk.halt(scopeOf(options), options.reason, options.by)
  // Afterwards: a halt does not wait for a long journal to be read.
  const notes = await strangers(store.journal(), options)
  return {
    data: { halts: haltsIn(store.read()) },
    text: `halted ${scopeInWords(options)}: new risk is refused, what reduces risk passes\n`,
    notes,
  }
}

/** Ends a halt of exactly this scope. */
export async function resume({ store: path, clock }: Context, options: HaltOptions): Promise<Answer> {
  await using store = await openStore(path, clock)
  const risk = new DefaultRiskManager([], { store, clock })
  await risk.resume(scopeOf(options), options.reason, options.by)
  const left = haltsIn(store.read())
  return {
    data: { halts: left },
    text: `resumed ${scopeInWords(options)}\n`,
    notes: left.length === 0 ? [] : [`what is still stopped:\n${haltsText(left).trimEnd()}`],
  }
}

/** A name that nobody uses stops nothing: most often it is mistyped. */
async function strangers(journal: AsyncIterable<JournalEntry>, options: ScopeOptions): Promise<string[]> {
  const asked = (['domain', 'strategy', 'venue', 'asset'] as const).filter(field => options[field] !== undefined)
  if (asked.length === 0) return []
  const known = {
    domain: new Set<string>(),
    strategy: new Set<string>(),
    venue: new Set<string>(),
    asset: new Set<string>(),
  }
  for await (const { fact } of journal) {
    const origin = 'intent' in fact ? fact.intent : fact.type === 'result-recorded' ? fact : undefined
    if (origin === undefined) continue
    known.domain.add(origin.domain)
    known.strategy.add(origin.strategyId)
    known.venue.add(origin.venueId)
    if (origin.asset !== undefined) known.asset.add(origin.asset)
  }
  return asked
    .filter(field => !known[field].has(options[field] ?? ''))
    .map(
      field =>
        `nothing in the journal has the ${field} ${JSON.stringify(options[field])}, so that this may stop nothing; known: ${[...known[field]].slice(0, 20).join(', ') || 'none'}`,
    )
}
