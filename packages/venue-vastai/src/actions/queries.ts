import type { MarketRate } from '../market/market-rate.ts'
import type { PeerKind } from '../market/peer-choice.ts'
import type { ListingImpact } from './listing-impact.ts'
import type { ListingTerms } from './listing-terms.ts'
import type { MachineView } from './machine-view.ts'

/** The questions that the Vast.ai venue answers. */
export type VastAiQueries = {
  /**
   * What comparable machines ask. Machines of one kind (`peerKindOf`) share one search: ask with `like: { machineId }` of any of them,
   * or with the kind itself. Without `like`: all machines of the model.
   */
  'market-rate': {
    readonly query: { readonly model: string; readonly like?: { readonly machineId: number } | Omit<PeerKind, 'model'> }
    readonly result: MarketRate
  }
  /** All own machines, listed or not. */
  machines: { readonly query: Readonly<Record<never, never>>; readonly result: readonly MachineView[] }
  machine: { readonly query: { readonly machineId: number }; readonly result: MachineView }
  /** What machines earned from `fromDay` to `toDay`, both included. */
  earnings: {
    readonly query: {
      readonly machineId?: number
      /** Days since 1970-01-01 UTC. */
      readonly fromDay: number
      /** Days since 1970-01-01 UTC. */
      readonly toDay: number
    }
    readonly result: EarningsView
  }
  /** Which running contracts a write of `terms` would touch. */
  'listing-impact': {
    readonly query: { readonly machineId: number; readonly terms: ListingTerms }
    readonly result: ListingImpact
  }
}

/** What machines earned over some days, as the market's books say. */
export interface EarningsView {
  readonly fromDay: number
  readonly toDay: number
  readonly machines: readonly MachineEarnings[]
}

/** USD that reached the host. */
export interface MachineEarnings {
  readonly machineId: number
  readonly gpu: number
  readonly storage: number
  readonly upload: number
  readonly download: number
  /** The sum of the four. */
  readonly total: number
}
