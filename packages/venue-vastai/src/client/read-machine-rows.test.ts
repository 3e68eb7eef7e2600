import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMachineRows } from './read-machine-rows.ts'

const good = { id: 1, num_gpus: 2, gpu_name: 'RTX 4090', listed: true }
const samples = resolve(import.meta.dirname, '../../../../../shared/conformance/samples')
const sample = (name: string) => JSON.parse(readFileSync(resolve(samples, `${name}.json`), 'utf8')).machines

describe('readMachineRows', () => {
  it('reads every row that can be read, and names the others', () => {
    const rows = [
      good,
      { ...good, id: 2, num_gpus: 'two' },
      { ...good, id: null, machine_id: 3 },
      null,
      { ...good, id: 5 },
    ]
    const { machines, unreadable } = readMachineRows('machines', rows)
    expect(machines.map(({ id }) => id)).toEqual([1, 5])
    expect(unreadable.map(({ machineId }) => machineId)).toEqual([2, 3, undefined])
    expect(unreadable[0]?.reason).toMatch(/^machines\[1\]\.num_gpus: /)
  })

  it('fails when not a single row can be read, and is content with none', () => {
    expect(readMachineRows('machines', [])).toEqual({ machines: [], unreadable: [] })
    expect(() => readMachineRows('machines', [{ ...good, listed: 'yes' }])).toThrow(
      expect.objectContaining({
        code: 'VASTAI_MALFORMED_RESPONSE',
        details: expect.objectContaining({ path: 'machines[0].listed' }),
      }),
    )
  })

  it.skipIf(!existsSync(samples))('reads real answers whole, partial ones too', () => {
    const [full] = readMachineRows('machines', sample('machines-full-2025')).machines
    expect(full).toMatchObject({
      num_gpus: 8,
      listed_min_gpu_count: 8,
      gpu_occupancy: 'x x x x x x x x ',
      min_bid_price: 0.3,
    })
    expect(readMachineRows('machines', sample('machines-partial-2025'))).toMatchObject({ unreadable: [] })
    expect(readMachineRows('machines', sample('machines-partial-2025')).machines).toHaveLength(3)
  })
})
