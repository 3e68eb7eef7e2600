import type { Contract } from '../market/contract.ts'
import { requireId } from './arguments.ts'
import type { Call } from './call.ts'
import type { Json } from './json.ts'
import { Refused } from './refused.ts'

/** The caller's instance of this id. @throws {Refused} 404 `no_such_instance` when it is gone or another's. */
export function ownContract(call: Call, id: Json | undefined): Contract {
  const contractId = requireId(id, 'instance id')
  const { world } = call.simulation
  if (world.hasContract(contractId)) {
    const contract = world.contract(contractId)
    if (contract.accountId === call.caller.account.id && contract.status !== 'ended') return contract
  }
  throw new Refused(404, 'no_such_instance', `No such instance ${contractId}.`)
}

/** The caller's instances, oldest first. */
export function ownContracts(call: Call): readonly Contract[] {
  return [...call.simulation.world.contracts({ accountId: call.caller.account.id })].sort((a, b) => a.id - b.id)
}
