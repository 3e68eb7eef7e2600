import { invalidInput } from '../client/check-input.ts'
import { offerLanguage } from './language.ts'

/** Fields to sort by, most important first. */
export type OfferOrder = readonly (readonly [field: string, direction: 'asc' | 'desc'])[]

export const bestScoreFirst: OfferOrder = [['score', 'desc']]

/**
 * Reads an order as the official client writes it: fields by comma, `-` behind for descending.
 *
 * @example
 * parseOfferOrder('dph,dlperf_usd-') // [['dph_total', 'asc'], ['dlperf_per_dphtotal', 'desc']]
 */
export function parseOfferOrder(text: string): OfferOrder {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => {
      const direction = /^-|-$/.test(part) && !/^\+|\+$/.test(part) ? 'desc' : 'asc'
      const field = part.replace(/^[+-]+|[+-]+$/g, '')
      if (!/^\w+$/.test(field))
        throw invalidInput(`expected an order such as "dph,num_gpus-", was ${JSON.stringify(text)}`)
      return [offerLanguage.aliases[field] ?? field, direction] as const
    })
}
