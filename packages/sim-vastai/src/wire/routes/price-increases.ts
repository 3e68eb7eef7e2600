import { AutomationError } from '@org/core'
import type { PendingPriceIncrease } from '../../market/contract.ts'
import { HOST_SHARE } from '../../market/listing.ts'
import { json } from '../answer.ts'
import type { Call, Route } from '../call.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { HOURS_PER_MONTH } from '../search/terms.ts'

/** Higher prices that wait for the renter's word. */
export const priceIncreaseRoutes: readonly Route[] = [
  { method: 'GET', path: '/instances/pending-price-increases', access: 'instance_read', handle: list },
  {
    method: 'PUT',
    path: '/instances/accept-price-increase',
    access: 'instance_write',
    handle: call => settle(call, id => call.simulation.world.acceptPriceIncrease(id)),
  },
  {
    method: 'PUT',
    path: '/instances/reject-price-increase',
    access: 'instance_write',
    handle: call => settle(call, id => call.simulation.world.rejectPriceIncrease(id)),
  },
]

function list(call: Call) {
  const { world } = call.simulation
  const pending = world.pendingPriceIncreases(call.caller.account.id)
  return json({
    success: true,
    count: pending.length,
    truncated: false,
    pending_price_increases: pending.map(each => row(each, world.machine(each.machineId).hostId)),
  })
}

/** Prices as the renter pays them. */
function row(pending: PendingPriceIncrease, hostId: number) {
  const gpu = (usdPerHour: number) => usdPerHour / HOST_SHARE / 3_600
  const disk = (usdPerGbMonth: number) => usdPerGbMonth / HOST_SHARE / (HOURS_PER_MONTH * 3_600)
  const fee = Math.round((1 - HOST_SHARE) * 1e6) / 1e6
  return {
    pending_price_increase_id: pending.id,
    contract_id: pending.contractId,
    host_id: hostId,
    new_gpu_costpersec: gpu(pending.newGpuUsdPerHour),
    old_gpu_costpersec: gpu(pending.oldGpuUsdPerHour),
    new_disk_ram_costpersec: disk(pending.newDiskUsdPerGbMonth),
    old_disk_ram_costpersec: disk(pending.oldDiskUsdPerGbMonth),
    new_bwu_cost: pending.newInetUpUsdPerGb / HOST_SHARE,
    old_bwu_cost: pending.oldInetUpUsdPerGb / HOST_SHARE,
    new_bwd_cost: pending.newInetDownUsdPerGb / HOST_SHARE,
    old_bwd_cost: pending.oldInetDownUsdPerGb / HOST_SHARE,
    new_platform_fee: fee,
    old_platform_fee: fee,
    contract_end_date: pending.contractEndMs / 1000,
    ask_end_date: pending.askEndMs === undefined ? null : pending.askEndMs / 1000,
    created_at: pending.createdMs / 1000,
  }
}

/** The body is the row's id and nothing else: any further key is refused. */
function settle(call: Call, act: (pendingId: number) => PendingPriceIncrease) {
  const id = call.body['pending_price_increase_id']
  const extra = Object.keys(call.body).find(key => key !== 'pending_price_increase_id')
  if (extra !== undefined) throw invalidArguments(`extra fields not permitted: ${extra}`)
  if (typeof id !== 'number' || !Number.isInteger(id)) throw invalidArguments('Invalid pending_price_increase_id')
  const own = call.simulation.world.pendingPriceIncreases(call.caller.account.id).some(pending => pending.id === id)
  if (!own) throw gone()
  try {
    const settled = act(id)
    return json({ success: true, pending_price_increase_id: settled.id, contract_id: settled.contractId })
  } catch (error) {
    if (AutomationError.isInstance(error) && error.code === 'SIM_NO_PENDING_PRICE_INCREASE') throw gone()
    throw error
  }
}

function gone(): Refused {
  return new Refused(404, 'no_pending_price_increase', 'No such pending price increase.')
}
