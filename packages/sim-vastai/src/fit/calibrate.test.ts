import { describe, expect, it } from 'vitest'
import { findModel } from '../market/catalogue.ts'
import { parametersOf, shippedParameters } from '../market/create-world.ts'
import type { GpuModel } from '../market/gpu-model.ts'
import { calibrate, simulate } from './calibrate.ts'
import { perHour } from './measure.ts'

const model = 'RTX_6000Ada'
/** Every 8 hours for 20 days. */
const timesMs = Array.from({ length: 60 }, (_, index) => Date.UTC(2026, 6, 1) + index * 8 * 3_600_000)
const truth = { ...parametersOf(findModel(model) as GpuModel, shippedParameters), machines: 40 }

describe('calibrate', { timeout: 60_000 }, () => {
  it('finds back what a simulated market was made with', () => {
    const made = { ...shippedParameters, models: { [model]: truth } }
    const measures = simulate({ model, parameters: made, timesMs, seeds: [1, 2, 3] })
    const wrong = {
      ...truth,
      arrivalsPerMachine: truth.arrivalsPerMachine.map(rate => rate / 2),
      repricesPerHour: truth.repricesPerHour * 3,
    }
    const { fits } = calibrate({
      targets: [{ model, measures, timesMs }],
      fits: { [model]: wrong },
      start: shippedParameters,
      seeds: [11, 12],
      rounds: 6,
    })
    const found = fits[model]
    expect(found?.repricesPerHour).toBeGreaterThan(truth.repricesPerHour / 1.3)
    expect(found?.repricesPerHour).toBeLessThan(truth.repricesPerHour * 1.3)
    const sum = (rates: readonly number[]) => rates.reduce((all, rate) => all + rate, 0)
    // Half too low at the start; how many come can be told less well than how many stay.
    const arrivals = sum(found?.arrivalsPerMachine ?? []) / sum(truth.arrivalsPerMachine)
    expect(Math.abs(Math.log(arrivals))).toBeLessThan(0.55)
    const again = simulate({ model, parameters: { ...made, models: fits }, timesMs, seeds: [21, 22, 23] })
    expect(Math.abs(again.occupancyVerified - measures.occupancyVerified)).toBeLessThan(0.05)
    expect(Math.abs(perHour(again.reprice) / perHour(measures.reprice) - 1)).toBeLessThan(0.2)
  })

  it('gives the same parameters for the same recordings', () => {
    const measures = simulate({ model, parameters: shippedParameters, timesMs, seeds: [1] })
    const once = () =>
      calibrate({
        targets: [{ model, measures, timesMs }],
        fits: { [model]: truth },
        start: shippedParameters,
        seeds: [11],
        rounds: 2,
      })
    expect(once()).toEqual(once())
  })
})
