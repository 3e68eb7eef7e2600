import { DefaultRiskManager, dailyLoss, exposure, memoryStore, orderNotional, type VirtualClock } from '@org/core'
import { openLoss } from '@org/venue-trading'

/** Four limits that refuse nothing, in memory. */
export function tradingBudget(clock: VirtualClock): DefaultRiskManager {
  return new DefaultRiskManager(
    [dailyLoss({ limit: 1e9 }), exposure({ limit: 1e9 }), openLoss({ limit: 1e9 }), orderNotional({ limit: 10_000 })],
    { clock, store: memoryStore() },
  )
}
