import { authenticate, findKey, type Signed } from './authenticate.ts'
import type { Route } from './call.ts'
import type { ApiKey } from './key-ring.ts'
import { accountRoutes } from './routes/account.ts'
import { generalRoutes } from './routes/general.ts'
import { marketDataRoutes } from './routes/market-data.ts'
import { orderRoutes } from './routes/orders.ts'
import type { Simulation } from './simulation.ts'
import { refusals, WireError } from './wire-error.ts'

/** Every endpoint of the exchange. */
export const allRoutes: readonly Route[] = [...generalRoutes, ...marketDataRoutes, ...orderRoutes, ...accountRoutes]

/** What an endpoint answered, and for whom. */
export interface Performed {
  readonly value: unknown
  readonly key: ApiKey | undefined
}

/** Calls an endpoint: key, signature, permission, limit of orders, deed. @throws {WireError} as the exchange refuses. */
export function perform(simulation: Simulation, route: Route, signed: Signed, isInMaintenance: boolean): Performed {
  const { exchange, keys, serverMs, weights } = simulation
  const call = { exchange, params: signed.params, serverMs, limits: weights.limits, isInMaintenance }
  if (route.access === 'open') return { value: route.handle({ ...call, key: undefined }), key: undefined }
  if (route.access === 'key') {
    const key = findKey(keys, signed.apiKey)
    return { value: route.handle({ ...call, key }), key }
  }
  const key = authenticate(keys, signed, serverMs)
  if (route.access === 'trade' && key.permission !== 'trade') throw refusals.key()
  if (
    route.isOrder &&
    simulation.isThrottling &&
    !simulation.orderCounts(key.trader.name).take(weights.limits, serverMs)
  )
    throw new WireError(
      -1015,
      `Too many new orders; current limit is ${weights.limits.ordersPerTenSeconds} orders per 10 SECOND.`,
      429,
    )
  return { value: route.handle({ ...call, key }), key }
}
