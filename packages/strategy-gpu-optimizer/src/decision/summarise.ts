import type { ListingImpact, MachineView } from '@org/venue-vastai/actions'
import type { MachinePlan } from '../config/machine-plan.ts'
import type { PriceDecision } from './decide-price.ts'
import { profitability } from './profit-test.ts'

/** One sentence about a price decision, for people. Prices are what the host earns. */
export function summarise(
  machine: MachineView,
  plan: MachinePlan,
  priced: PriceDecision,
  impact: ListingImpact | undefined,
): string {
  const who = `machine ${machine.machineId} (${machine.numGpus}x ${machine.model})`
  const now = machine.listing?.pricePerGpuHour
  if (priced.kind === 'hold')
    return now === undefined
      ? `${who} stays off the market: ${priced.reason}`
      : `${who} keeps ${usd(now)} per GPU-hour: ${priced.reason}`
  if (priced.price === undefined) {
    const floor = Number(priced.thresholds['floorPerGpuHour'])
    return `${who} goes off the market: the best price is ${usd(Number(priced.inputs['targetPerGpuHour']))} per GPU-hour, cost and required profit take ${usd(floor)}`
  }
  const { profitPerGpuHour, margin } = profitability(priced.price, plan.runningCostPerGpuHour)
  const profit = `profit ${usd(profitPerGpuHour)} per GPU-hour while rented${Number.isFinite(margin) ? `, margin ${(margin * 100).toFixed(0)} %` : ''}`
  if (priced.kind === 'list') return `${who} is listed at ${usd(priced.price)} per GPU-hour: ${profit}`
  return `${who} goes from ${usd(now ?? 0)} to ${usd(priced.price)} per GPU-hour (${priced.reason}): ${profit}; ${impact?.summary ?? ''}`
}

function usd(perGpuHour: number): string {
  return `$${perGpuHour.toFixed(4)}`
}
