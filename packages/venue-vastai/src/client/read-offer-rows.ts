// Hot path: tens of thousands of rows. They are checked in one go; one by one only when that fails.
import { z } from 'zod'
import { type Offer, offerSchema } from '../wire/offer.ts'
import { VastAiMalformedResponseError } from './errors.ts'
import { pathText } from './parse-answer.ts'

/** An answer to a search before its rows are looked at. */
export const offerRowsSchema = z.object({ offers: z.array(z.unknown()) })

const allRowsSchema = z.array(offerSchema)
const reasonsMax = 10

/** Rows that could not be read. */
export interface RejectedRows {
  readonly count: number
  /** For example `offers[3].num_gpus: Invalid input: expected number, received string`; the first ten. */
  readonly reasons: readonly string[]
}

export interface OfferRows {
  readonly offers: readonly Offer[]
  readonly rejectedRows: RejectedRows
}

const noneRejected: RejectedRows = { count: 0, reasons: [] }

/**
 * Reads the rows of a search. A row that cannot be read is not lost silently: it is counted, with the reason.
 *
 * @throws {VastAiMalformedResponseError} when there are rows and none can be read.
 */
export function readOfferRows(endpointName: string, rows: readonly unknown[]): OfferRows {
  const all = allRowsSchema.safeParse(rows)
  if (all.success) return { offers: all.data, rejectedRows: noneRejected }
  const offers: Offer[] = []
  const reasons: string[] = []
  let count = 0
  rows.forEach((row, index) => {
    const parsed = offerSchema.safeParse(row)
    if (parsed.success) {
      offers.push(parsed.data)
      return
    }
    count++
    const issue = parsed.error.issues[0]
    if (reasons.length < reasonsMax)
      reasons.push(`${pathText(['offers', index, ...(issue?.path ?? [])])}: ${issue?.message ?? 'unknown shape'}`)
  })
  if (offers.length === 0)
    throw new VastAiMalformedResponseError({
      endpoint: endpointName,
      message: `${endpointName}: none of ${rows.length} offers can be read; ${reasons[0] ?? ''}`,
      details: { path: reasons[0]?.split(':', 1)[0], problems: count },
    })
  return { offers, rejectedRows: { count, reasons } }
}
