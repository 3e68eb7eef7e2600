import type { Account } from './account.ts'
import type { ContractState } from './contract-state.ts'
import type { DayEarnings } from './earnings.ts'
import { type Appointment, EventHeap } from './event-heap.ts'
import type { MachineState } from './machine-state.ts'
import type { ModelMarket } from './model-market.ts'
import type { MarketParameters } from './model-parameters.ts'
import { refuse } from './refuse.ts'
import { hashText, mix } from './stream.ts'

export type SimEvent =
  | Appointment<'step' | 'arrival', ModelMarket>
  | Appointment<'reprice' | 'fail' | 'recover' | 'maintenance' | 'listing-end', MachineState>
  | Appointment<'contract-due' | 'contract-answer' | 'contract-patience' | 'contract-purge', ContractState>

export interface AccountState extends Account {
  readonly machineIds: number[]
  balanceUsd: number
  /** Host's earnings per machine and UTC day: machine id → day → sums. Bounded by `EARNINGS_DAYS_MAX`. */
  readonly dayBook: Map<number, Map<number, Mutable<DayEarnings>>>
}

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Ended contracts of API accounts that are still answered for. */
const ENDED_CONTRACTS_MAX = 2_000

/** What all parts of a world share: the time, the appointments, who exists, and the money. */
export class Kernel {
  readonly seed: number
  readonly parameters: MarketParameters
  readonly events = new EventHeap<SimEvent>()
  readonly markets = new Map<string, ModelMarket>()
  readonly machines = new Map<number, MachineState>()
  readonly accounts = new Map<number, AccountState>()
  readonly contracts = new Map<number, ContractState>()
  /** Ids that the user's machines will have; no competitor gets one. */
  readonly keptIds: ReadonlySet<number>
  readonly money = { renterPaidUsd: 0, hostEarnedUsd: 0 }
  nowMs: number
  readonly #ended: number[] = []
  #nextId = 10_000_000
  #digestA = 0x243f6a88
  #digestB = 0x85a308d3

  constructor(options: {
    readonly seed: number
    readonly nowMs: number
    readonly parameters: MarketParameters
    readonly keptIds: ReadonlySet<number>
  }) {
    this.seed = options.seed
    this.nowMs = options.nowMs
    this.parameters = options.parameters
    this.keptIds = options.keptIds
  }

  newId(): number {
    return this.#nextId++
  }

  machine(id: number): MachineState {
    return this.machines.get(id) ?? refuse('SIM_NO_SUCH_MACHINE', `no machine ${id}`)
  }

  account(id: number): AccountState {
    return this.accounts.get(id) ?? refuse('SIM_NO_SUCH_ACCOUNT', `no account ${id}`)
  }

  contract(id: number): ContractState {
    return this.contracts.get(id) ?? refuse('SIM_NO_SUCH_CONTRACT', `no contract ${id}`)
  }

  marketOf(machine: MachineState): ModelMarket {
    return this.markets.get(machine.model) ?? refuse('SIM_UNKNOWN_MODEL', `no market for ${machine.model}`)
  }

  /** Forgets a contract that ended; those of API accounts only when many later ones have ended too. */
  retire(contract: ContractState): void {
    if (contract.accountId === undefined) {
      this.contracts.delete(contract.id)
      return
    }
    this.#ended.push(contract.id)
    if (this.#ended.length > ENDED_CONTRACTS_MAX) {
      const oldest = this.#ended.shift()
      if (oldest !== undefined) this.contracts.delete(oldest)
    }
  }

  /** Puts what happened into the digest. */
  record(what: string, id: number, amount: number): void {
    const h = mix(mix(hashText(what), id), mix(Math.floor(this.nowMs / 1_000) | 0, Math.round(amount * 1e6) | 0))
    this.#digestA = mix(this.#digestA, h)
    this.#digestB = mix(this.#digestB ^ h, this.#digestA)
  }

  digest(): string {
    return [this.#digestA, this.#digestB].map(word => word.toString(16).padStart(8, '0')).join('')
  }
}
