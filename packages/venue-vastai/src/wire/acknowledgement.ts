import { z } from 'zod'

/** An answer of which only "it worked" matters; `success: false` has become an error before. */
export const acknowledgementSchema = z.unknown()
