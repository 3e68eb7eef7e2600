import type { ContractStatus } from '../../market/contract.ts'
import type { Machine } from '../../market/machine.ts'
import type { AccountBook } from '../account-book.ts'
import type { Simulation } from '../simulation.ts'

type Tell = (accountId: number, key: string, text: { readonly subject: string; readonly message: string }) => void

interface MachineSeen {
  readonly isOffline: boolean
  readonly verification: Machine['verification']
  readonly isEnding: boolean
}

const ENDING_MS = 7 * 86_400_000
const LOW_CREDIT_USD = 1

/** Compares the market with what it was at the last look, for accounts that have webhooks. */
export class MarketWatch {
  readonly #simulation: Simulation
  readonly #tell: Tell
  readonly #machines = new Map<number, MachineSeen>()
  readonly #contracts = new Map<number, { readonly accountId: number; readonly status: ContractStatus }>()
  readonly #isLow = new Map<number, boolean>()

  constructor(simulation: Simulation, tell: Tell) {
    this.#simulation = simulation
    this.#tell = tell
  }

  look(): void {
    for (const book of this.#simulation.books) {
      if (book.webhooks.size === 0) continue
      for (const machine of this.#simulation.world.machines({ hostId: book.account.id })) this.#lookAt(machine)
      this.#lookAtContracts(book)
    }
  }

  #lookAt(machine: Machine): void {
    const { nowMs } = this.#simulation.world
    const now: MachineSeen = {
      isOffline: machine.offlineSinceMs !== undefined,
      verification: machine.verification,
      isEnding: machine.listing?.endMs !== undefined && machine.listing.endMs - nowMs < ENDING_MS,
    }
    const before = this.#machines.get(machine.id)
    this.#machines.set(machine.id, now)
    if (before === undefined) return
    const tell = (key: string, subject: string) =>
      this.#tell(machine.hostId, key, { subject, message: `${subject}: machine ${machine.id}.` })
    if (now.isOffline && !before.isOffline) tell('host:machine_offline', 'Machine offline')
    if (now.verification !== before.verification && now.verification !== 'verified')
      tell('host:machine_verification_failed', 'Machine verification failed')
    if (now.isEnding && !before.isEnding) tell('host:listing_ending', 'Machine listing ending soon')
  }

  #lookAtContracts(book: AccountBook): void {
    const { world } = this.#simulation
    const accountId = book.account.id
    const tell = (key: string, subject: string, id: number) =>
      this.#tell(accountId, key, { subject, message: `${subject}: instance ${id}.` })
    const open = new Set<number>()
    for (const contract of world.contracts({ accountId })) {
      open.add(contract.id)
      const before = this.#contracts.get(contract.id)
      this.#contracts.set(contract.id, { accountId, status: contract.status })
      if (before === undefined) tell('client:instance_created', 'Instance created', contract.id)
      else if (before.status !== contract.status) this.#tellChange(before.status, contract.status, contract, tell)
    }
    for (const [id, seen] of this.#contracts) {
      if (seen.accountId !== accountId || open.has(id)) continue
      this.#contracts.delete(id)
      tell('client:instance_deleted', 'Instance deleted', id)
    }
    const isLow = world.account(accountId).balanceUsd < LOW_CREDIT_USD
    if (book.account.kind === 'renter' && isLow && this.#isLow.get(accountId) === false)
      tell('client:low_credit', 'Your Vast.ai Credit Balance Is Getting Low', accountId)
    this.#isLow.set(accountId, isLow)
  }

  #tellChange(
    before: ContractStatus,
    now: ContractStatus,
    contract: { readonly id: number; readonly machineId: number },
    tell: (key: string, subject: string, id: number) => void,
  ): void {
    const isOffline = this.#simulation.world.machine(contract.machineId).offlineSinceMs !== undefined
    if (now === 'paused') {
      if (isOffline) tell('client:instance_offline', 'Instance offline', contract.id)
      else tell('client:outbid', 'Instance outbid', contract.id)
    } else if (now === 'stopped') tell('client:instance_stopped', 'Instance stopped', contract.id)
    else if (now === 'running' && before === 'paused') tell('client:instance_resumed', 'Instance resumed', contract.id)
  }
}
