import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inMarket, type Market, type Row, rows } from './market.ts'

const samples = resolve(import.meta.dirname, '../../../../shared/conformance/samples')

/** What some collectors added to Vast.ai's own rows, and what documentation shows but no client reads. */
const notVastAis = new Set(['note'])

function sample(file: string): Row {
  return JSON.parse(readFileSync(resolve(samples, file), 'utf8')) as Row
}

function kind(value: unknown): string {
  return Array.isArray(value) ? 'list' : value === null ? 'null' : typeof value
}

/** Fields of a real row that ours lacks or holds in another kind. `null` on either side says nothing about the kind. */
function differences(real: Row, ours: Row): readonly string[] {
  return Object.entries(real).flatMap(([field, value]) => {
    if (notVastAis.has(field)) return []
    if (!(field in ours)) return [`${field} is missing`]
    const [theirs, own] = [kind(value), kind(ours[field])]
    return theirs === own || theirs === 'null' || own === 'null' ? [] : [`${field}: expected ${theirs}, was ${own}`]
  })
}

const days = { sday: '20605', eday: '20606' }

async function ownRow(market: Market, file: string): Promise<Row> {
  const { ask, machine, list, offers, rent } = market
  const { id } = await machine(1)
  await list(id, { price_gpu: 0.43, price_min_bid: 0.3, end_date: 1_798_675_200 })
  const [offer] = await offers({ machine_id: { eq: id } })
  if (file.startsWith('offers')) return offer as Row
  await rent(offer?.['id'], { label: 'a', env: { A: 'b' } })
  market.advance(3_600_000)
  if (file.startsWith('machines')) return machine(1)
  if (file.startsWith('instances')) return rows((await ask('GET', '/api/v1/instances/'))['instances'])[0] as Row
  if (file.startsWith('metrics'))
    return rows((await ask('GET', '/metrics/gpu/current/', { as: 'host' }))['gpus'])[0] as Row
  return ask('GET', '/users/me/machine-earnings', { as: 'host', query: days })
}

function realRows(file: string): readonly Row[] {
  const answer = sample(file)
  if (file.startsWith('earnings')) return [answer]
  if (file.startsWith('metrics')) return rows((answer['current'] as Row)['gpus'])
  return rows(Array.isArray(answer) ? answer : Object.values(answer).find(Array.isArray))
}

const files = [
  'offers-docs.json',
  'offers-exporter-2025.json',
  'offers-search-2024.json',
  'machines-full-2025.json',
  'machines-partial-2025.json',
  'instances-v1-docs.json',
  'metrics-gpu-2026.json',
  'earnings-2025.json',
]

describe.skipIf(!existsSync(samples))('rows have the fields of real ones (skipped where ../shared is missing)', () => {
  it.each(files)('%s', file =>
    inMarket(async market => {
      const ours = await ownRow(market, file)
      const real = realRows(file)
      expect(real.length).toBeGreaterThan(0)
      for (const row of real) expect(differences(row, ours)).toEqual([])
    }),
  )

  it('also in the history of the metrics', () =>
    inMarket(async ({ ask }) => {
      const query = { gpu_name: 'RTX 4090' }
      const { gpus } = await ask('GET', '/metrics/gpu/history/', { as: 'host', query })
      const ours = (gpus as Record<string, Record<string, Row>>)['RTX 4090']
      const [real] = Object.values((sample('metrics-gpu-2026.json')['history'] as { gpus: object }).gpus)
      expect(Object.keys(real)).not.toEqual([])
      for (const [block, fields] of Object.entries(real as Record<string, Row>))
        expect([block, differences(fields, ours?.[block] ?? {})]).toEqual([block, []])
    }))

  it('also inside the answers of lists and earnings', () =>
    inMarket(async market => {
      await ownRow(market, 'instances')
      const page = await market.ask('GET', '/api/v1/instances/')
      expect(differences(sample('instances-v1-docs.json'), page)).toEqual([])
      const earnings = await market.ask('GET', '/users/me/machine-earnings', { as: 'host', query: days })
      const real = sample('earnings-2025.json')
      for (const list of ['per_machine', 'per_day'])
        expect(differences(rows(real[list])[0] as Row, rows(earnings[list])[0] as Row)).toEqual([])
      for (const block of ['summary', 'current'])
        expect(differences(real[block] as Row, earnings[block] as Row)).toEqual([])
    }))
})
