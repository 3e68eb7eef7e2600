/** A value as it travels; the text language sends numbers as text, and the server reads them by the field's type. */
export type WireValue = string | number | boolean | null

export type WireOperator = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'notin'

/** Comparisons of one field; all must hold. */
export type WireComparisons = { readonly [Operator in WireOperator]?: WireValue | readonly WireValue[] }

/** A filter as it travels: comparisons by field; all must hold. */
export type WireFilter = Readonly<Record<string, WireComparisons>>
