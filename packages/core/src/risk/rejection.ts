/**
 * Why something was refused; stable, programs branch on it. In order of precedence: when several apply, the first is given (except that
 * an intent whose claims or parameters do not fit its action is `INVALID_INTENT` after its venue and action were found).
 */
export type RejectionCode =
  | 'INVALID_INTENT'
  | 'UNKNOWN_VENUE'
  | 'UNKNOWN_ACTION'
  | 'EXPIRED'
  | 'DUPLICATE_INTENT'
  | 'HALTED'
  | 'REDUCING_ONLY'
  | 'NOT_REDUCING'
  | 'LOCKED'
  | 'NOT_ALLOWED'
  | 'MEASURE_MISSING'
  | 'LIMIT_EXCEEDED'
  | 'GROUP_REFUSED'
  | 'RISK_CHECK_FAILED'

/** A refusal is a value, not an exception. Figures are decimal text in units of the base currency (`count`: pieces). */
export interface RiskRejection {
  readonly code: RejectionCode
  /** One line for people, with every figure. */
  readonly shortMessage: string
  /** The constraint that binds, where one does. */
  readonly constraint?: string
  readonly scope?: string
  readonly limit?: string
  readonly used?: string
  readonly reserved?: string
  readonly requested?: string
  readonly available?: string
  /** When a lock ends by itself, milliseconds since the epoch. */
  readonly untilMs?: number
}
