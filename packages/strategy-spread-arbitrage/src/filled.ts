import { Decimal, type IntentDraft, type SubmitResult } from '@org/core'

/**
 * Did a leg fill whole? An exchange says "done" also of an order that met nobody, or not enough. Where a venue does not say how much, it is taken to be
 * whole: what is held says the rest.
 */
export function isWhole(result: SubmitResult | undefined, leg: IntentDraft | undefined): boolean {
  if (result?.status !== 'settled') return false
  const filled = result.receipt.details?.['filled']
  if (typeof filled !== 'string') return true
  const { quantity } = (leg?.params ?? {}) as { readonly quantity?: string }
  return quantity !== undefined && Decimal.of(filled).compare(quantity) >= 0
}
