/** Who owns machines (host) or rents (renter). A host may rent its own machines. */
export interface Account {
  readonly id: number
  readonly kind: 'host' | 'renter'
  readonly name: string
  /** Machines this account owns, in the order of addition. Empty for renters. */
  readonly machineIds: readonly number[]
  /** What the account may still spend on rentals, USD. May go below zero: the wire decides what to refuse. */
  readonly balanceUsd: number
}

/** Ask of {@link World.addAccount}. */
export interface AccountSpec {
  readonly kind: 'host' | 'renter'
  readonly name?: string
  /** @default 0 */
  readonly balanceUsd?: number
}
