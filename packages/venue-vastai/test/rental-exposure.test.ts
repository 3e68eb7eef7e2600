import { createGate, DefaultRiskManager, exposure, silentLogger } from '@org/core'
import { describe, expect, it } from 'vitest'
import { act, inMarket, intent, type MarketWorld, terms } from './market-world.ts'

/** A renter behind the real gate and ledger; $50 may be at stake. */
async function rentFor20({ host, renter, clock, machineId }: MarketWorld) {
  await act(host, 'write-listing', { machineId, terms: terms(), expected: null })
  const { offers } = await renter.client.offers.search({ filter: { machine_id: machineId } })
  const risk = new DefaultRiskManager([exposure({ limit: 50 })], { clock })
  const gate = createGate({ venues: [renter], risk, clock, mode: 'simulated', logger: silentLogger })
  const change = { asset: 'training', expiresAt: clock.now() + 60_000 }
  const rented = await gate.submit(
    intent(
      'create-instance',
      { offerId: offers[0]?.id, image: 'ubuntu:24.04' },
      { ...change, effects: [{ measure: 'exposure', amount: '20.000001' }] },
    ),
  )
  if (rented.status !== 'settled') throw new Error(`expected a rental, was ${rented.status}`)
  const instanceId = Number(rented.receipt.venueRef)
  const destroy = (reduction?: string) =>
    intent(
      'destroy-instance',
      { instanceId },
      { ...change, reduces: true, ...(reduction === undefined ? {} : { reduction }) },
    )
  return { risk, gate, destroy, atStake: () => risk.assessPortfolio().exposure }
}

describe('what a rental puts at stake', () => {
  it('stands while it runs and is given back when it is destroyed, to the last millionth', async () => {
    await inMarket(async world => {
      const { risk, gate, destroy, atStake } = await rentFor20(world)
      expect(atStake()).toBe(20.000001)
      expect(await gate.submit(destroy('20.000001'))).toMatchObject({ status: 'settled' })
      expect(atStake()).toBe(0)
      expect(risk.assessPortfolio().exposureByAsset).toEqual({})
      expect(await gate.submit(destroy('20.000001'))).toMatchObject({ rejection: { code: 'NOT_REDUCING' } })
      expect(atStake()).toBe(0)
    })
  })

  it('is given back as well when only a later look tells that it was destroyed', async () => {
    await inMarket(async world => {
      const { gate, destroy, atStake } = await rentFor20(world)
      const wanted = destroy('20.000001')
      world.simulator.faults.add({ kind: 'reset-after', method: 'DELETE', path: '/instances/*' })
      expect(await gate.submit(wanted)).toMatchObject({ status: 'unknown' })
      expect(atStake()).toBe(20.000001)
      world.simulator.faults.clear()
      await gate.reconcile()
      expect(atStake()).toBe(0)
    })
  })

  it('stands on without a reduction', async () => {
    await inMarket(async world => {
      const { gate, destroy, atStake } = await rentFor20(world)
      expect(await gate.submit(destroy())).toMatchObject({ status: 'settled' })
      expect(atStake()).toBe(20.000001)
    })
  })
})
