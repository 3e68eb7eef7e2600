import type { Account } from '../market/account.ts'
import type { World } from '../market/world.ts'

/**
 * What `balance` says: a renter's credit; for hosts what their machines have earned, less what they spent themselves. The
 * simulator pays nothing out, so a host's balance only grows.
 */
export function balanceUsd(world: World, account: Account): number {
  const own = world.account(account.id).balanceUsd
  if (account.kind === 'renter') return own
  const { total } = world.earnings(account.id)
  return own + total.gpuUsd + total.storageUsd + total.bandwidthUpUsd + total.bandwidthDownUsd
}
