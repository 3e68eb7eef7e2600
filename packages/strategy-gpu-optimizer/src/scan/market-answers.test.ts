import { AutomationError, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { HostVenue } from '../../test/host-venue.ts'
import { sampleMachine } from '../../test/sample-machine.ts'
import { askMarket } from './market-answers.ts'

const machines = [
  sampleMachine({ machineId: 1 }),
  sampleMachine({ machineId: 2 }),
  sampleMachine({ machineId: 3, gpus: 8 }),
  sampleMachine({ machineId: 4, more: { verification: 'unverified' } }),
]

describe('asking the market', () => {
  it('takes one question for each kind of machine', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    const answerFor = await askMarket(venue, machines)
    expect(venue.count('market-rate')).toBe(3)
    for (const machine of machines) expect(answerFor(machine).ok).toBe(true)
  })

  it('keeps an answer that is none apart from the others', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    let asked = 0
    const rateFor = venue.rateFor
    venue.rateFor = model => {
      if (++asked === 2) throw new AutomationError({ code: 'TOO_FEW_PEERS', message: 'only 2 machines' })
      return rateFor(model)
    }
    const answerFor = await askMarket(venue, machines)
    expect(machines.map(machine => answerFor(machine).ok)).toEqual([true, true, false, true])
    expect(answerFor(machines[2] ?? sampleMachine())).toEqual({
      ok: false,
      code: 'TOO_FEW_PEERS',
      message: 'only 2 machines',
    })
  })

  it('does not hide a defect', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    venue.rateFor = () => {
      throw new TypeError('a bug')
    }
    await expect(askMarket(venue, machines)).rejects.toThrow('a bug')
  })

  it('knows nothing of a machine that it was not asked about', async () => {
    const venue = new HostVenue(new VirtualClock(), [])
    expect((await askMarket(venue, []))(sampleMachine())).toMatchObject({ ok: false, code: 'NOT_ASKED' })
  })
})
