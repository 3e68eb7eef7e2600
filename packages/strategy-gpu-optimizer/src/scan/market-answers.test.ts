import { AutomationError, VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { HostVenue } from '../../test/host-venue.ts'
import { sampleMachine } from '../../test/sample-machine.ts'
import { askMarket, knownRateSchema } from './market-answers.ts'

const machines = [
  sampleMachine({ machineId: 1 }),
  sampleMachine({ machineId: 2 }),
  sampleMachine({ machineId: 3, gpus: 8 }),
  sampleMachine({ machineId: 4, more: { verification: 'unverified' } }),
]

const minuteMs = 60_000
const afresh = { nowMs: 0, askEveryMs: 15 * minuteMs, known: new Map() }

describe('asking the market', () => {
  it('takes one question for each kind of machine', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    const { answerFor } = await askMarket(venue, machines, afresh)
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
    const { answerFor } = await askMarket(venue, machines, afresh)
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
    await expect(askMarket(venue, machines, afresh)).rejects.toThrow('a bug')
  })

  it('knows nothing of a machine that it was not asked about', async () => {
    const venue = new HostVenue(new VirtualClock(), [])
    expect((await askMarket(venue, [], afresh)).answerFor(sampleMachine())).toMatchObject({
      ok: false,
      code: 'NOT_ASKED',
    })
  })

  it('asks about a kind again when the answer is old, or from the future, and not before', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    const { known } = await askMarket(venue, machines, afresh)
    const again = async (minutes: number) => {
      const before = venue.count('market-rate')
      const { answerFor } = await askMarket(venue, machines, { ...afresh, nowMs: minutes * minuteMs, known })
      expect(machines.every(machine => answerFor(machine).ok)).toBe(true)
      return venue.count('market-rate') - before
    }
    expect(await again(14)).toBe(0)
    expect(await again(15)).toBe(3)
    expect(await again(-1)).toBe(3)
  })

  it('forgets kinds that no machine has any more', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    const { known } = await askMarket(venue, machines, afresh)
    expect(known.size).toBe(3)
    expect((await askMarket(venue, machines.slice(0, 1), { ...afresh, known })).known.size).toBe(1)
  })

  it('keeps rates that can be saved and read back', async () => {
    const venue = new HostVenue(new VirtualClock(), machines)
    const { known } = await askMarket(venue, machines, afresh)
    for (const rate of known.values()) expect(knownRateSchema.parse(JSON.parse(JSON.stringify(rate)))).toEqual(rate)
  })
})
