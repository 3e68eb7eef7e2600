import { describe, expect, it } from 'vitest'
import { machineSchema } from '../wire/machine.ts'
import { machineHealth } from './machine-health.ts'

const now = Date.UTC(2026, 0, 1)
const healthy = {
  id: 7,
  gpu_name: 'RTX 4090',
  num_gpus: 1,
  listed: true,
  reliability2: 0.99,
  machine_maintenance: null,
}

function kinds(change: Record<string, unknown>, isListingReadable = true): readonly string[] {
  const machine = machineSchema.parse({ ...healthy, ...change })
  return machineHealth(machine, isListingReadable, now).problems.map(problem => problem.kind)
}

describe('machineHealth', () => {
  it('finds nothing wrong with a machine that has nothing wrong', () => {
    expect(machineHealth(machineSchema.parse(healthy), true, now)).toEqual({ ok: true, problems: [] })
  })

  it.each([
    ['error', { error_description: 'NVML: driver/library\nversion mismatch' }],
    ['vm-error', { vm_error_msg: 'no IOMMU' }],
    ['offline', { timeout: 310 }],
    ['reports', { num_recent_reports: 2 }],
    ['reliability', { reliability2: 0.3 }],
    ['maintenance', { machine_maintenance: [{ start_time: now / 1000 - 60, end_time: now / 1000 + 60 }] }],
    ['maintenance', { machine_maintenance: [{ start_time: now / 1000 + 1800, end_time: now / 1000 + 7200 }] }],
    ['maintenance', { machine_maintenance: 'tomorrow' }],
  ])('names %s', (kind, change) => {
    expect(kinds(change)).toEqual([kind])
  })

  it('does not mind a maintenance that is over or far off', () => {
    const windows = [
      { start_time: now / 1000 - 7200, end_time: now / 1000 - 60 },
      { start_time: now / 1000 + 86_400, end_time: now / 1000 + 90_000 },
    ]
    expect(kinds({ machine_maintenance: windows })).toEqual([])
  })

  it('says so when a listing cannot be read whole', () => {
    expect(kinds({}, false)).toEqual(['unreadable'])
  })

  it('keeps messages of the market to one short line', () => {
    const machine = machineSchema.parse({ ...healthy, error_description: `two\nlines ${'x'.repeat(500)}` })
    const message = machineHealth(machine, true, now).problems[0]?.message ?? ''
    expect(message).toMatch(/^two lines x+$/)
    expect(message).toHaveLength(200)
  })
})
