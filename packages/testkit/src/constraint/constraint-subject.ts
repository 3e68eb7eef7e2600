import type { Intent, RiskConstraint, RiskManager } from '@org/core'

/** What an intent says, as far as the constraint under test looks at it. */
export type Asked = Partial<Omit<Intent, 'id' | 'params' | 'rationale'>>

/** A constraint and what shows its rule. */
export interface ConstraintSubject {
  /** The constraint, enforced or in shadow mode. */
  readonly create: (options: { readonly enforce: boolean }) => RiskConstraint
  /** Passes while nothing has happened. */
  readonly fits: Asked
  /** Is refused: at once, or after `prepare`. */
  readonly exceeds: Asked
  /** Brings about what makes `exceeds` refused, for example closes a position for a cool-down. @default nothing */
  readonly prepare?: (risk: RiskManager) => Promise<void>
}
