import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AutomationError } from '../errors/automation-error.ts'
import type { OwnResult, StrategyContext } from './context.ts'
import { Remembered } from './remembered.ts'

const schema = z.object({ bookedSeq: z.number() })

/**
 * A store of which one write in three says that it failed; it comes to life with the next write, or at once, or never.
 */
function shakyContext(fate: 'at-once' | 'with-the-next' | 'never') {
  let saved: unknown
  let booked = 0
  let late: (() => void) | undefined
  let writes = 0
  const write = (apply: () => void) => {
    late?.()
    late = undefined
    if (++writes % 3 !== 0) return apply()
    if (fate === 'at-once') apply()
    if (fate === 'with-the-next') late = apply
    throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the disk failed', effect: 'unknown' })
  }
  const context = {
    state: {
      load: async () => saved as { bookedSeq: number } | undefined,
      save: async (value: unknown) => write(() => (saved = value)),
    },
    recordAll: async (results: readonly OwnResult[], memory?: unknown) =>
      write(() => {
        booked += results.length
        if (memory !== undefined) saved = memory
      }),
  } as unknown as StrategyContext
  return { context, booked: () => booked }
}

const result: OwnResult = { venueId: 'v', postings: [{ measure: 'loss', amount: 1 }], note: 'fill' }

describe('a memory of what was booked', () => {
  it.each(['at-once', 'with-the-next', 'never'] as const)(
    'books every result once, where failed writes come to life %s',
    async fate => {
      const { context, booked } = shakyContext(fate)
      const memory = await Remembered.open(context, schema, { bookedSeq: 0 })
      for (let newest = 1; newest <= 20; newest++)
        await memory
          .change(({ bookedSeq }) => ({
            next: { bookedSeq: newest },
            results: Array.from({ length: newest - bookedSeq }, () => result),
          }))
          .catch(() => {})
      // One more, or the last failure would stand.
      for (let again = 0; again < 3; again++)
        await memory
          .change(({ bookedSeq }) => ({
            next: { bookedSeq: 20 },
            results: Array.from({ length: 20 - bookedSeq }, () => result),
          }))
          .catch(() => {})
      expect(booked()).toBe(20)
    },
  )

  it('makes changes one after the other, each on top of the one before', async () => {
    const { context } = shakyContext('at-once')
    const memory = await Remembered.open(context, schema, { bookedSeq: 0 })
    const add = () => memory.change(async ({ bookedSeq }) => ({ next: { bookedSeq: bookedSeq + 1 } }))
    await Promise.all([add(), add()])
    expect(memory.value).toEqual({ bookedSeq: 2 })
  })
})
