import type { Order } from './order.ts'
import { TraderHistory } from './trader-history.ts'

const partsPerMillion = 1_000_000n

/** One asset of one account, in 1e-8. */
export interface Balance {
  free: bigint
  locked: bigint
}

/** An account: balances, fees, and its orders. */
export class Trader {
  readonly name: string
  readonly makerFeePpm: bigint
  readonly takerFeePpm: bigint
  /** Undefined for the market's own participants, whose past nobody asks for. */
  readonly history: TraderHistory | undefined
  /** Open orders by client order id. */
  readonly open = new Map<string, Order>()
  readonly #balances = new Map<string, Balance>()

  constructor(options: {
    readonly name: string
    /** Millionths of what is received. */
    readonly makerFeePpm: number
    readonly takerFeePpm: number
    readonly keepsHistory: boolean
  }) {
    this.name = options.name
    this.makerFeePpm = BigInt(options.makerFeePpm)
    this.takerFeePpm = BigInt(options.takerFeePpm)
    this.history = options.keepsHistory ? new TraderHistory() : undefined
  }

  balance(asset: string): Balance {
    let balance = this.#balances.get(asset)
    if (balance === undefined) {
      balance = { free: 0n, locked: 0n }
      this.#balances.set(asset, balance)
    }
    return balance
  }

  get balances(): ReadonlyMap<string, Readonly<Balance>> {
    return this.#balances
  }
}

/** The fee on what a trade brought in, rounded down to 1e-8. */
export function feeUnits(received: bigint, feePpm: bigint): bigint {
  return feePpm === 0n ? 0n : (received * feePpm) / partsPerMillion
}
