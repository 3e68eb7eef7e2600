import { endpoints } from './endpoints.ts'
import { parseAnswer } from './parse-answer.ts'
import { type OfferRows, offerRowsSchema, readOfferRows } from './read-offer-rows.ts'

/**
 * Reads the answer of a search as it travels, for example one that was recorded.
 *
 * @throws {VastAiMalformedResponseError} when it is no such answer, or none of its rows can be read.
 * @example
 * const { offers, rejectedRows } = readOffers(await readFile('offers.json'))
 */
export function readOffers(json: string | Uint8Array): OfferRows {
  const text = typeof json === 'string' ? json : new TextDecoder().decode(json)
  const answer = parseAnswer(endpoints.searchOffers, text, offerRowsSchema, said => said)
  return readOfferRows(endpoints.searchOffers.name, answer.offers)
}
