import { z } from 'zod'
import type { DecisionKind, ListingDecision } from '../decision/listing-decision.ts'

export const decisionCountsSchema = z.record(z.string(), z.record(z.string(), z.number().int().min(0)))

/** Decisions by kind, then by reason. */
export type DecisionCounts = { readonly [kind in DecisionKind]?: { readonly [reason: string]: number } }

/** Reasons beyond this many different ones are counted as `other`: a policy of one's own may invent them without end. */
const reasonsMax = 64
const changesKept = 200

/** Counts all decisions and keeps the newest ones: bounded, however long the optimiser runs. */
export class DecisionLog {
  readonly #counts = new Map<string, Map<string, number>>()
  readonly #latest = new Map<number, ListingDecision>()
  #changes: ListingDecision[] = []
  #total = 0

  constructor(counts: z.infer<typeof decisionCountsSchema> = {}) {
    for (const [kind, reasons] of Object.entries(counts)) {
      this.#counts.set(kind, new Map(Object.entries(reasons)))
      for (const count of Object.values(reasons)) this.#total += count
    }
  }

  add(decision: ListingDecision): void {
    const reasons = this.#counts.get(decision.kind) ?? new Map<string, number>()
    this.#counts.set(decision.kind, reasons)
    const reason = reasons.has(decision.reason) || reasons.size < reasonsMax ? decision.reason : 'other'
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
    this.#total++
    this.#latest.set(decision.machineId, decision)
    if (decision.kind === 'hold') return
    this.#changes.push(decision)
    if (this.#changes.length > 2 * changesKept) this.#changes = this.#changes.slice(-changesKept)
  }

  get total(): number {
    return this.#total
  }

  counts(): DecisionCounts {
    return Object.fromEntries([...this.#counts].map(([kind, reasons]) => [kind, Object.fromEntries(reasons)]))
  }

  /** The newest decision about a machine. */
  latest(machineId: number): ListingDecision | undefined {
    return this.#latest.get(machineId)
  }

  /** The newest 200 decisions that wanted a change, oldest first. */
  changes(): readonly ListingDecision[] {
    return this.#changes.slice(-changesKept)
  }
}
