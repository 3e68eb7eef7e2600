/** Something that would cost or earn money if we vanished now: a listing, a position, a campaign, a deposit. */
export interface Holding {
  readonly asset: string
  readonly kind: string
  /** Pieces, units or GPUs, as the kind says. */
  readonly quantity: number
  /** What it is worth or has at stake, in the base currency; 0 where nothing is. */
  readonly exposure: number
  /** What it costs per hour while nobody acts, in the base currency; negative when it earns. */
  readonly costPerHour: number
  readonly description: string
}
