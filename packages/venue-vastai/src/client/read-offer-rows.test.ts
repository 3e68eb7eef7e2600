import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readOfferRows } from './read-offer-rows.ts'

const good = { id: 1, machine_id: 2, gpu_name: 'RTX 4090', num_gpus: 1, dph_base: 0.4, surprise: 'ignored' }
const samples = resolve(import.meta.dirname, '../../../../../shared/conformance/samples')

describe('readOfferRows', () => {
  it('keeps what is known and drops the rest', () => {
    const { offers, rejectedRows } = readOfferRows('search', [good])
    expect(offers).toEqual([{ id: 1, machine_id: 2, gpu_name: 'RTX 4090', num_gpus: 1, dph_base: 0.4 }])
    expect(rejectedRows).toEqual({ count: 0, reasons: [] })
  })

  it('loses no row silently because another cannot be read', () => {
    const rows = [good, { ...good, num_gpus: 'two' }, { ...good, id: 3 }, { ...good, dph_base: '0.4' }, null]
    const { offers, rejectedRows } = readOfferRows('search', rows)
    expect(offers.map(({ id }) => id)).toEqual([1, 3])
    expect(rejectedRows.count).toBe(3)
    expect(rejectedRows.reasons[0]).toMatch(/^offers\[1\]\.num_gpus: /)
    expect(rejectedRows.reasons[1]).toMatch(/^offers\[3\]\.dph_base: /)
  })

  it('keeps rows without a price: what they are good for is not decided here', () => {
    expect(readOfferRows('search', [{ ...good, dph_base: null }]).offers[0]?.dph_base).toBeNull()
  })

  it('names at most ten reasons', () => {
    const { rejectedRows } = readOfferRows('search', [good, ...Array.from({ length: 50 }, () => ({}))])
    expect(rejectedRows.count).toBe(50)
    expect(rejectedRows.reasons).toHaveLength(10)
  })

  it('fails when not a single row can be read, and is content with none', () => {
    expect(readOfferRows('search', []).offers).toEqual([])
    expect(() => readOfferRows('search', [{ ...good, num_gpus: null }])).toThrow(
      expect.objectContaining({
        code: 'VASTAI_MALFORMED_RESPONSE',
        details: expect.objectContaining({ path: 'offers[0].num_gpus' }),
      }),
    )
  })

  it.skipIf(!existsSync(samples)).each(['offers-docs', 'offers-exporter-2025', 'offers-search-2024'])(
    'reads the real rows of %s whole',
    name => {
      const { offers } = JSON.parse(readFileSync(resolve(samples, `${name}.json`), 'utf8'))
      const read = readOfferRows('search', offers)
      expect(read.offers).toHaveLength(offers.length)
      expect(read.rejectedRows.count).toBe(0)
      expect(read.offers[0]).toMatchObject({
        id: offers[0].id,
        dph_base: offers[0].dph_base,
        gpu_ids: offers[0].gpu_ids,
      })
    },
  )
})
