import { z } from 'zod'

/** A number that some rows carry as text, in decimal notation. */
const amount = z.union([z.number(), z.string()]).nullish()

/** A line of the old invoice list. */
export const oldInvoiceSchema = z.object({
  description: z.string().nullish(),
  quantity: amount,
  /** USD per unit. */
  rate: amount,
  /** USD. */
  amount,
  /** Epoch seconds. */
  timestamp: z.number().nullish(),
  /** `charge` or `payment`. */
  type: z.string().nullish(),
  instance_id: z.number().nullish(),
})

export type OldInvoice = z.output<typeof oldInvoiceSchema>

export const oldInvoicesSchema = z.object({
  invoices: z.array(oldInvoiceSchema),
  /** What runs up now, USD. */
  current: z.record(z.string(), z.unknown()).nullish(),
})

/** An invoice, a payment or a charge. */
export const ledgerLineSchema = z.object({
  /** Epoch seconds. */
  start: z.number().nullish(),
  /** Epoch seconds. */
  end: z.number().nullish(),
  type: z.string().nullish(),
  source: z.string().nullish(),
  description: z.string().nullish(),
  /** USD. */
  amount,
  items: z.array(z.unknown()).nullish(),
  metadata: z.unknown().optional(),
})

export type LedgerLine = z.output<typeof ledgerLineSchema>

export const ledgerPageSchema = z.object({
  results: z.array(ledgerLineSchema),
  /** Lines of this page. */
  count: z.number().nullish(),
  /** Lines on all pages. */
  total: z.number().nullish(),
  next_token: z.string().nullish(),
})

export type LedgerPage = z.output<typeof ledgerPageSchema>

/** Rows of the invoice search are handed on as they came. */
export const invoiceRowsSchema = z.unknown()
