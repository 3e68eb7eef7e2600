import type { FieldKind } from './offer-fields.ts'
import { offerFields } from './offer-fields.ts'
import { benchmarkFields, invoiceFields, templateFields, volumeFields } from './other-fields.ts'
import type { WireFilter } from './wire-filter.ts'

/** What differs between the searches that share one language. */
export interface Language {
  /** For messages. */
  readonly name: string
  readonly fields: Readonly<Record<string, FieldKind>>
  /** Short names of fields. */
  readonly aliases: Readonly<Record<string, string>>
  /** What a number that the user writes is multiplied by: users say GB and days, the wire MB and seconds. */
  readonly factors: Readonly<Record<string, number>>
  /** Fields that hold epoch seconds and may be written `MM/DD/YYYY`. */
  readonly dates: readonly string[]
  /** Holds unless the user says otherwise. */
  readonly defaults: WireFilter
}

const factors = { cpu_ram: 1000, gpu_ram: 1000, gpu_total_ram: 1000, duration: 86_400 }
const plain = { aliases: {}, factors: {}, dates: [], defaults: {} }

export const offerLanguage: Language = {
  name: 'offers',
  fields: offerFields,
  aliases: {
    cuda_vers: 'cuda_max_good',
    display_active: 'gpu_display_active',
    dlperf_usd: 'dlperf_per_dphtotal',
    dph: 'dph_total',
    flops_usd: 'flops_per_dphtotal',
  },
  factors,
  dates: [],
  defaults: { verified: { eq: true }, external: { eq: false }, rentable: { eq: true } },
}

export const volumeLanguage: Language = {
  ...plain,
  name: 'volumes',
  fields: volumeFields,
  factors,
  defaults: { verified: { eq: true }, external: { eq: false }, disk_space: { gte: 1 } },
}

export const benchmarkLanguage: Language = {
  ...plain,
  name: 'benchmarks',
  fields: benchmarkFields,
  dates: ['last_update'],
}

export const templateLanguage: Language = {
  ...plain,
  name: 'templates',
  fields: templateFields,
  dates: ['created_at', 'recent_create_date'],
}

export const invoiceLanguage: Language = {
  ...plain,
  name: 'invoices',
  fields: invoiceFields,
  dates: ['when', 'paid_on', 'payment_expected'],
}
