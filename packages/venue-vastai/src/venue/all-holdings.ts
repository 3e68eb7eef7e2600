import type { CallOptions, Holding } from '@org/core'
import { instanceAsset, machineAsset } from '../actions/asset.ts'
import { VastAiPermissionError } from '../client/errors.ts'
import type { Hands } from './hands.ts'
import { describeHolding, earnedPerHour, isHeld } from './machine-holding.ts'

/** What is held, as far as the key may look. */
export interface AllHoldings {
  readonly holdings: readonly Holding[]
  /** What was looked at, for example `machines,instances`. */
  readonly seen: string
  /** One line for each part that the key may not read: its permission group is missing. */
  readonly unseen: readonly string[]
}

/**
 * Listings and contracts on own machines, and own instances. A key of a host or of a renter may lack one of the two.
 *
 * @throws {VastAiPermissionError} when the key may read neither.
 */
export async function allHoldings(
  { client, machines }: Pick<Hands, 'client' | 'machines'>,
  options: CallOptions,
): Promise<AllHoldings> {
  const parts = {
    machines: async (): Promise<Holding[]> =>
      (await machines.list(options)).filter(isHeld).map(machine => ({
        asset: machineAsset(machine.machineId),
        kind: machine.listed ? 'listing' : 'contracts',
        quantity: machine.numGpus,
        exposure: 0,
        costPerHour: -earnedPerHour(machine),
        description: describeHolding(machine),
      })),
    instances: async (): Promise<Holding[]> =>
      (await client.instances.list({}, options)).map(instance => ({
        asset: instanceAsset(instance.id),
        kind: 'instance',
        quantity: instance.num_gpus ?? 1,
        exposure: 0,
        costPerHour: instance.dph_total ?? 0,
        description: `${instance.num_gpus ?? 1} x ${instance.gpu_name ?? 'GPU'}, ${instance.actual_status ?? 'starting'}`,
      })),
  }
  const holdings: Holding[] = []
  const seen: string[] = []
  const unseen: string[] = []
  let refusal: VastAiPermissionError | undefined
  for (const [part, read] of Object.entries(parts))
    try {
      holdings.push(...(await read()))
      seen.push(part)
    } catch (error) {
      if (!(error instanceof VastAiPermissionError)) throw error
      refusal = error
      unseen.push(`holdings are shown without ${part}: ${error.shortMessage}`)
    }
  if (seen.length === 0 && refusal !== undefined) throw refusal
  return { holdings, seen: seen.join(), unseen }
}
