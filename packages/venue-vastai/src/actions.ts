// What strategies may import: schemas, types and pure functions. Its module graph holds no client (test/actions-graph.test.ts).
export { type VastAiAction, vastAiActions } from './actions/action-map.ts'
export { instanceAsset, machineAsset } from './actions/asset.ts'
export {
  type SetMinBidParams,
  setMinBidSchema,
  type UnlistParams,
  unlistSchema,
  type WriteListingParams,
  writeListingSchema,
} from './actions/host-actions.ts'
export { type ListingImpact, listingImpact } from './actions/listing-impact.ts'
export { differingTerms, type ListingField, type ListingTerms, listingTermsSchema } from './actions/listing-terms.ts'
export {
  type GpuOccupancy,
  type HealthProblem,
  type MachineHealth,
  type MachineView,
  peerKindOf,
  type RentalCounts,
  rentedGpus,
} from './actions/machine-view.ts'
export { listedPriceMax, listedPriceMin, type PriceReach, priceJumpMax, priceReach } from './actions/price-reach.ts'
export type { EarningsView, MachineEarnings, VastAiQueries } from './actions/queries.ts'
export {
  type ChangeBidParams,
  type CreateInstanceParams,
  changeBidSchema,
  createInstanceSchema,
  type DestroyInstanceParams,
  destroyInstanceSchema,
} from './actions/renter-actions.ts'
export { MarketError, type MarketErrorCode } from './market/market-error.ts'
export { type LeftOut, type MarketRate, marketRateSchema, type ShareSource } from './market/market-rate.ts'
export {
  type PeerChoice,
  type PeerKind,
  peerKindKey,
  type Relaxation,
  type ReliabilityBand,
  reliabilityBand,
  type Verification,
} from './market/peer-choice.ts'
export {
  assumedHostShare,
  type HostPrice,
  type HostShare,
  hostPrice,
  hostPriceSchema,
  hostShare,
  hostToRenter,
  type RenterPrice,
  renterPrice,
  renterPriceSchema,
  renterToHost,
} from './market/price.ts'
export type { PriceBand, TwoSidedBand } from './market/price-band.ts'
