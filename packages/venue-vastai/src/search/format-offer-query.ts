import { offerLanguage } from './language.ts'
import type { WireComparisons, WireFilter, WireValue } from './wire-filter.ts'

const symbols = { eq: '=', neq: '!=', gt: '>', gte: '>=', lt: '<', lte: '<=', in: ' in ', notin: ' notin ' } as const

/**
 * Writes a filter in the text language, to be shown or pasted behind `vastai search offers -n`. Reading it back without defaults gives
 * the same filter.
 *
 * @example
 * formatOfferQuery({ gpu_name: { eq: 'RTX 4090' }, dph_total: { lt: '0.6' } }) // 'gpu_name=RTX_4090 dph_total<0.6'
 */
export function formatOfferQuery(filter: WireFilter): string {
  return Object.entries(filter)
    .flatMap(([field, comparisons]) => formatField(field, comparisons))
    .join(' ')
}

function formatField(field: string, comparisons: WireComparisons): string[] {
  return (Object.entries(comparisons) as [keyof WireComparisons, WireValue | readonly WireValue[]][]).map(
    ([operator, value]) => {
      const text = Array.isArray(value)
        ? `[${value.map(each => formatValue(field, each)).join(',')}]`
        : formatValue(field, value as WireValue)
      return `${field}${symbols[operator]}${text}`
    },
  )
}

function formatValue(field: string, value: WireValue): string {
  const factor = offerLanguage.factors[field]
  if (typeof value === 'number' && field === 'driver_version') return formatDriverVersion(value)
  if (typeof value === 'number') return String(factor === undefined ? value : value / factor)
  return String(value).replaceAll(' ', '_')
}

function formatDriverVersion(version: number): string {
  const part = (divisor: number, digits: number) => String(Math.floor(version / divisor) % 1000).padStart(digits, '0')
  return `${part(1_000_000, 1)}.${part(1000, 2)}.${part(1, 2)}`
}
