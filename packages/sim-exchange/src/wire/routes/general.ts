import { listingsOf, type Route } from '../call.ts'
import { symbolRow } from '../rows/symbol-row.ts'

/** Time, rules, and the few answers of other services that clients ask for while they start. */
export const generalRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/ping', socketMethod: 'ping', weight: 1, access: 'open', handle: () => ({}) },
  {
    method: 'GET',
    path: '/api/v3/time',
    socketMethod: 'time',
    weight: 1,
    access: 'open',
    handle: ({ serverMs }) => ({ serverTime: serverMs }),
  },
  {
    method: 'GET',
    path: '/api/v3/exchangeInfo',
    socketMethod: 'exchangeInfo',
    weight: 20,
    access: 'open',
    handle: call => ({
      timezone: 'UTC',
      serverTime: call.serverMs,
      rateLimits: [
        rateLimit('REQUEST_WEIGHT', 'MINUTE', 1, call.limits.weightPerMinute),
        rateLimit('ORDERS', 'SECOND', 10, call.limits.ordersPerTenSeconds),
        rateLimit('ORDERS', 'DAY', 1, call.limits.ordersPerDay),
      ],
      exchangeFilters: [],
      symbols: listingsOf(call).map(symbolRow),
    }),
  },
  {
    method: 'GET',
    path: '/sapi/v1/system/status',
    weight: 1,
    access: 'open',
    handle: call => (call.isInMaintenance ? { status: 1, msg: 'system_maintenance' } : { status: 0, msg: 'normal' }),
  },
  // Nothing but spot is traded here.
  ...['/fapi/v1/exchangeInfo', '/dapi/v1/exchangeInfo'].map(
    (path): Route => ({ method: 'GET', path, weight: 1, access: 'open', handle: () => ({ symbols: [] }) }),
  ),
  ...['/sapi/v1/capital/config/getall', '/sapi/v1/margin/allPairs', '/sapi/v1/margin/isolated/allPairs'].map(
    (path): Route => ({
      method: 'GET',
      path,
      weight: 1,
      access: path.includes('margin') ? 'key' : 'read',
      handle: () => [],
    }),
  ),
]

function rateLimit(rateLimitType: string, interval: string, intervalNum: number, limit: number): object {
  return { rateLimitType, interval, intervalNum, limit }
}
