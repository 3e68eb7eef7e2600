import { fromMicros, type OwnResult } from '@org/core'
import { type MachineView, machineAsset } from '@org/venue-vastai/actions'
import type { MachinePlan } from '../config/machine-plan.ts'
import { type Account, accrueCost } from './account.ts'

/**
 * Power and upkeep of one machine up to now. A machine that was never seen costs nothing: its id may be wrong.
 *
 * @param view What its GPUs do now; where it cannot be seen any more, what they did last counts on.
 * @returns the account, and what is to be posted; `undefined` when nothing was drawn.
 */
export function bookCost(
  account: Account,
  view: MachineView | undefined,
  context: { readonly nowMs: number; readonly venueId: string; readonly plan: MachinePlan },
): { readonly account: Account; readonly result: OwnResult | undefined } {
  const { nowMs, venueId, plan } = context
  if (view === undefined && account.atMs === null) return { account, result: undefined }
  const accrued = accrueCost(account, usageNow(view, account, nowMs), {
    gpus: plan.gpuIds.length,
    runningCostPerGpuHour: plan.runningCostPerGpuHour,
    idleCostPerGpuHour: plan.idleCostPerGpuHour,
  })
  if (accrued.cost === 0) return { account: accrued.account, result: undefined }
  const amount = fromMicros(accrued.cost)
  return {
    account: accrued.account,
    result: {
      venueId,
      asset: machineAsset(plan.machineId),
      postings: [
        { measure: 'operating-cost', amount },
        { measure: 'loss', amount },
      ],
      note: 'power and upkeep',
    },
  }
}

function usageNow(view: MachineView | undefined, account: Account, nowMs: number) {
  const occupancy = view?.occupancy
  if (view === undefined || occupancy === undefined)
    return { nowMs, busyGpus: account.busyGpus, rentedGpus: account.rentedGpus }
  const busyGpus = view.numGpus - occupancy.free
  return { nowMs, busyGpus, rentedGpus: Math.max(0, busyGpus - view.ownUseGpus) }
}
