import type { Earnings } from '../../market/earnings.ts'
import { balanceUsd } from '../account-balance.ts'
import { json } from '../answer.ts'
import type { Call, Route } from '../call.ts'
import { ownMachine } from '../own-machine.ts'
import { queryNumber } from '../query.ts'
import { every } from '../rate-limits.ts'

const DAY_MS = 86_400_000

/** What machines earned. */
export const earningsRoutes: readonly Route[] = [
  { method: 'GET', path: '/users/me/machine-earnings', access: 'billing_read', limit: every(2), handle: earnings },
]

/** Days travel as floats since 1970; both ends count. */
function earnings(call: Call) {
  const { world } = call.simulation
  const { account } = call.caller
  const yesterday = Math.floor(call.nowMs / DAY_MS) - 1
  const fromDay = Math.floor(queryNumber(call.query, 'sday') ?? yesterday)
  const toDay = Math.max(fromDay, Math.floor(queryNumber(call.query, 'eday') ?? yesterday))
  const machineId = queryNumber(call.query, 'machid')
  if (machineId !== undefined) ownMachine(call, machineId)
  const fleet = world.earnings(account.id, { fromDay, toDay })
  const asked = machineId === undefined ? fleet : world.earnings(account.id, { fromDay, toDay, machineId })
  const own = world.machines({ hostId: account.id }).map(machine => machine.id)
  const machineIds = machineId === undefined ? own : [machineId]
  const balance = balanceUsd(world, account)
  return json({
    sday: fromDay,
    eday: toDay,
    summary: {
      total_gpu: asked.total.gpuUsd,
      total_stor: asked.total.storageUsd,
      total_bwu: asked.total.bandwidthUpUsd,
      total_bwd: asked.total.bandwidthDownUsd,
    },
    username: account.name,
    email: `${account.name}@sim.invalid`,
    current: { balance, service_fee: 0, total: balance, credit: 0 },
    per_machine: machineIds.map(id => ({
      machine_id: id,
      ...row(asked.perMachine.find(each => each.machineId === id) ?? nothing),
    })),
    // As on the real service these are totals of the whole fleet, also when one machine was asked for.
    per_day: fleet.perDay.map(day => ({ day: day.day, ...row(day) })),
  })
}

const nothing: Earnings = { gpuUsd: 0, storageUsd: 0, bandwidthUpUsd: 0, bandwidthDownUsd: 0 }

function row(part: Earnings) {
  return {
    gpu_earn: part.gpuUsd,
    sto_earn: part.storageUsd,
    bwu_earn: part.bandwidthUpUsd,
    bwd_earn: part.bandwidthDownUsd,
  }
}
