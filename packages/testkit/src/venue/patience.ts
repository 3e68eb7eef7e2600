import type { VenueSubject } from './venue-subject.ts'

const patienceMsDefault = 15_000

/**
 * The end of `work`, which does not depend on the clock of the check: what is held is not coming, so whoever waits for it would wait for
 * ever. Real time, and far more of it than any sound venue needs.
 */
export async function withinPatience<Value>(
  work: Promise<Value>,
  { patienceMs = patienceMsDefault }: Pick<VenueSubject, 'patienceMs'>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`expected an end, still going on after ${patienceMs / 1000} s`)),
      patienceMs,
    )
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
