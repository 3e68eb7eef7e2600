import type { ListingTerms } from '@org/venue-vastai/actions'
import { turnEpisode } from '../accrual/account.ts'
import type { MachineMemory } from './machine-memory.ts'
import { observeChange } from './observe-rentals.ts'

/** Memory after the optimiser wrote a listing (`null`: took it off the market). */
export function afterChange(memory: MachineMemory, listing: ListingTerms | null, nowMs: number): MachineMemory {
  return {
    ...memory,
    pricing: changedPricing(memory, nowMs),
    seen: { listing },
    lastTerms: listing ?? memory.lastTerms,
    account: turnEpisode(memory.account, listing === null ? undefined : { atMs: nowMs }),
  }
}

/** Memory after a write of which nobody knows whether it took place: the next sight of the machine tells. */
export function afterDoubt(memory: MachineMemory, listing: ListingTerms | null, nowMs: number): MachineMemory {
  return { ...memory, pricing: changedPricing(memory, nowMs), doubted: { listing } }
}

function changedPricing({ pricing, seen }: MachineMemory, nowMs: number): MachineMemory['pricing'] {
  return pricing === null ? null : observeChange(pricing, { nowMs, isFirst: seen?.listing === null })
}
