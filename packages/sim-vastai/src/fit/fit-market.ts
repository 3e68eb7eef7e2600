import { catalogue } from '../market/catalogue.ts'
import type { MarketConstants, MarketParameters, ModelParameters } from '../market/model-parameters.ts'
import { calibrate } from './calibrate.ts'
import { describeModel } from './describe-model.ts'
import { fitLevel } from './level.ts'
import { measure } from './measure.ts'
import type { Recording } from './offer-row.ts'
import { poolModels } from './pool-models.ts'
import { earlyPart, FITTED_MODELS } from './split.ts'
import { MACHINES_UNRECORDED, startConstants, startModel } from './start.ts'

/**
 * Fits a market to the early dates of {@link FITTED_MODELS}. Of the other recorded models nothing is used but how many machines there are
 * and the median ask: all that they do is pooled from the fitted ones. The same recordings give the same parameters.
 */
export function fitMarket(
  recordings: readonly Recording[],
  options: {
    readonly seeds: readonly number[]
    readonly rounds: number
    readonly onRound?: (round: number, constants: MarketConstants) => void
  },
): MarketParameters {
  const early = recordings.map(earlyPart)
  const fitted = early.filter(({ model }) => FITTED_MODELS.includes(model))
  const begin = fitted.map(recording => [recording.model, { ...startModel, ...describeModel(recording) }] as const)
  const levels = early.map(recording => {
    const { machines, medianUsdPerGpuHour } = describeModel(recording)
    return [recording.model, { machines, medianUsdPerGpuHour }] as const
  })
  const priced = levels.flatMap(([model, { medianUsdPerGpuHour }]) =>
    catalogue.filter(gpu => gpu.model === model).map(gpu => ({ gpu, usdPerGpuHour: medianUsdPerGpuHour })),
  )
  const level = { ...fitLevel(priced), machines: MACHINES_UNRECORDED }
  const { fits, constants } = calibrate({
    targets: fitted.map(recording => ({
      model: recording.model,
      measures: measure(recording),
      timesMs: recording.cycles.map(cycle => cycle.atMs),
    })),
    fits: Object.fromEntries(begin),
    start: { constants: startConstants, pooled: poolModels(begin.map(([, fit]) => fit)), level, models: {} },
    ...options,
  })
  const models: Record<string, Partial<ModelParameters>> = Object.fromEntries(levels)
  return { constants, pooled: poolModels(Object.values(fits)), level, models: { ...models, ...fits } }
}
