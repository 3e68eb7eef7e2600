import type { Route } from '../call.ts'
import { OfferSearch } from '../search/offer-search.ts'
import type { Simulation } from '../simulation.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { askRoutes } from './asks.ts'
import { benchmarkRoutes } from './benchmarks.ts'
import { earningsRoutes } from './earnings.ts'
import { instanceControlRoutes } from './instance-control.ts'
import { instanceListRoutes } from './instance-list.ts'
import { instanceOutputRoutes } from './instance-output.ts'
import { invoiceRoutes } from './invoices.ts'
import { listingRoutes } from './listings.ts'
import { machineRoutes } from './machines.ts'
import { maintenanceRoutes } from './maintenance.ts'
import { metricsRoutes } from './metrics.ts'
import { offerRoutes } from './offers.ts'
import { priceIncreaseRoutes } from './price-increases.ts'
import { scheduledJobRoutes } from './scheduled-jobs.ts'
import { secretRoutes } from './secrets.ts'
import { sshKeyRoutes } from './ssh-keys.ts'
import { templateRoutes } from './templates.ts'
import { userRoutes } from './users.ts'
import { volumeOfferRoutes } from './volume-offers.ts'
import { volumeRoutes } from './volumes.ts'
import { webhookRoutes } from './webhooks.ts'

/** Every endpoint. */
export function allRoutes(simulation: Simulation): readonly Route[] {
  const search = new OfferSearch(simulation)
  return [
    ...offerRoutes(search),
    ...askRoutes(search),
    ...instanceListRoutes,
    ...instanceControlRoutes,
    ...instanceOutputRoutes,
    ...priceIncreaseRoutes,
    ...machineRoutes(simulation),
    ...listingRoutes,
    ...maintenanceRoutes,
    ...earningsRoutes,
    ...metricsRoutes(),
    ...userRoutes,
    ...sshKeyRoutes,
    ...secretRoutes,
    ...apiKeyRoutes,
    ...templateRoutes,
    ...scheduledJobRoutes,
    ...webhookRoutes,
    ...volumeRoutes,
    ...volumeOfferRoutes,
    ...benchmarkRoutes,
    ...invoiceRoutes,
  ]
}
