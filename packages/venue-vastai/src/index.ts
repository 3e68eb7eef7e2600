// The client.

export type { VastAiClientOptions } from './client/client-options.ts'
export type { CallKind, CallLimit } from './client/endpoint.ts'
export type { EndpointName } from './client/endpoints.ts'
export type { RequestOptions } from './client/transport.ts'
export { type OfferWish, VastAiClient } from './client/vast-ai-client.ts'

// Searching.

export type { OfferSearch, OfferSearchResult, OfferType } from './client/offers.ts'
export type { MachineRows, UnreadableMachine } from './client/read-machine-rows.ts'
export type { OfferRows, RejectedRows } from './client/read-offer-rows.ts'
export { readOffers } from './client/read-offers.ts'
export { findGpuModel, type GpuModel, gpuModel } from './gpu/gpu-model.ts'
export { gpuModels } from './gpu/gpu-models.ts'
export { formatOfferQuery } from './search/format-offer-query.ts'
export type { OfferField } from './search/offer-fields.ts'
export type { Condition, OfferFilter } from './search/offer-filter.ts'
export { parseOfferQuery } from './search/offer-query.ts'
export { type OfferOrder, parseOfferOrder } from './search/order.ts'
export type { QueryOptions } from './search/parse-query.ts'
export type { WireComparisons, WireFilter, WireOperator, WireValue } from './search/wire-filter.ts'

// Renting.

export type { BenchmarkFilter } from './client/benchmarks.ts'
export type { InstanceSpec } from './client/create-input.ts'
export type { CreatedInstance } from './client/create-once.ts'
export type {
  CreateInstance,
  CreateInstances,
  IdempotentOptions,
  LaunchInstance,
} from './client/instance-creation.ts'
export { composeInstanceLabel, type InstanceLabel, parseInstanceLabel } from './client/instance-label.ts'
export type { InstanceSearch } from './client/instance-list.ts'
export type { InstanceUpdate } from './client/instance-update.ts'
export type { InvoiceFilter, LedgerSearch, Period } from './client/invoices.ts'
export type { ScheduledJobSpec } from './client/scheduled-jobs.ts'
export type { TemplateSpec } from './client/template-input.ts'
export type { TemplateFilter, TemplateRef } from './client/templates.ts'
export type { VolumeSearch } from './client/volumes.ts'

// Hosting.

export type { ListingWrite } from './client/listing-input.ts'
export type { DefaultJob, MaintenanceWindow } from './client/machine-input.ts'
export type { HistorySearch, MarketPart } from './client/metrics.ts'
export type { CreateWebhook, UpdateWebhook } from './client/webhooks.ts'
export { SeenWebhooks } from './webhooks/seen-webhooks.ts'
export { verifyWebhook, type WebhookDelivery } from './webhooks/verify-webhook.ts'
export { VastAiWebhookError, type WebhookErrorCode } from './webhooks/webhook-error.ts'

// What travels.

export type { ApiKey, AuditLog, CreatedApiKey, SshKey, Subaccount, User } from './wire/account.ts'
export type { Benchmark } from './wire/benchmark.ts'
export type { Earnings } from './wire/earnings.ts'
export type { GpuHistory, GpuLocation, GpuMetrics } from './wire/gpu-metrics.ts'
export type { Instance, InstanceFilterValue, InstancePage, Prepayment } from './wire/instance.ts'
export type { LedgerLine, LedgerPage, OldInvoice } from './wire/invoice.ts'
export type { Machine, MachineReport, Maintenance } from './wire/machine.ts'
export type { Offer } from './wire/offer.ts'
export type { PriceIncrease } from './wire/price-increase.ts'
export type { ScheduledJob } from './wire/scheduled-job.ts'
export type { Template } from './wire/template.ts'
export type { Volume, VolumeOffer } from './wire/volume.ts'
export type { NotificationType, Webhook, WebhookEvent, WebhookWithSecret } from './wire/webhook.ts'

// What goes wrong.

export {
  VastAiAuthenticationError,
  VastAiConnectionError,
  VastAiError,
  VastAiInvalidArgumentsError,
  VastAiMalformedResponseError,
  VastAiNotFoundError,
  VastAiOfferGoneError,
  VastAiPermissionError,
  VastAiRateLimitError,
  VastAiRefusedError,
  VastAiServerError,
  VastAiTimeoutError,
} from './client/errors.ts'

// The venue.

export * from './actions.ts'
export type { RateOptions } from './market/rate.ts'
export { rateOffers } from './venue/to-market-offer.ts'
export { VastAiVenueError, type VenueErrorCode } from './venue/venue-error.ts'
export { type MarketPrices, VastAiVenue, type VastAiVenueOptions } from './venue.ts'
