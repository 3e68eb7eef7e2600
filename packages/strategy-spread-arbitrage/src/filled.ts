import { Decimal, type IntentDraft, type SubmitResult } from '@org/core'

/**
 * Did a leg fill whole? An exchange says "done" also of an order that met nobody, or not enough. Where a venue does not say how much, it is taken to be
 * whole: what is held says the rest.
 */
export function isWhole(result: SubmitResult | undefined, leg: IntentDraft | undefined): boolean {
  if (result?.status !== 'settled') return false
  const filled = filledOf(result)
  const { quantity } = (leg?.params ?? {}) as { readonly quantity?: string }
  return filled === undefined || (quantity !== undefined && filled.compare(quantity) >= 0)
}

/** Did it meet anybody? */
export function hasFilled(result: SubmitResult): boolean {
  return result.status === 'settled' && filledOf(result)?.isZero !== true
}

function filledOf(result: SubmitResult & { readonly status: 'settled' }): Decimal | undefined {
  const filled = result.receipt.details?.['filled']
  return typeof filled === 'string' ? Decimal.of(filled) : undefined
}
