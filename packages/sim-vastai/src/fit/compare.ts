import type { MarketParameters } from '../market/model-parameters.ts'
import { simulate } from './calibrate.ts'
import { type Measures, measure } from './measure.ts'
import type { Recording } from './offer-row.ts'
import { earlyPart, FITTED_MODELS, latePart } from './split.ts'

/** One model over one stretch of dates, as recorded and as simulated at the same moments. */
export interface Comparison {
  readonly model: string
  readonly recorded: Measures
  readonly simulated: Measures
}

/** Comparisons that stand alike to what the fit saw. */
export interface ComparisonGroup {
  readonly title: string
  readonly comparisons: readonly Comparison[]
}

/** Measures recordings and simulation alike, on what the fit saw and on what it did not. */
export function compareMarkets(
  recordings: readonly Recording[],
  parameters: MarketParameters,
  seeds: readonly number[],
): readonly ComparisonGroup[] {
  const compare = (recording: Recording): Comparison => ({
    model: recording.model,
    recorded: measure(recording),
    simulated: simulate({
      model: recording.model,
      parameters,
      timesMs: recording.cycles.map(cycle => cycle.atMs),
      seeds,
    }),
  })
  const isFitted = ({ model }: Recording) => FITTED_MODELS.includes(model)
  const seen = recordings.filter(isFitted)
  const unseen = recordings.filter(recording => !isFitted(recording))
  return [
    { title: 'seen models, seen dates', comparisons: seen.map(earlyPart).map(compare) },
    { title: 'seen models, unseen dates', comparisons: seen.map(latePart).map(compare) },
    { title: 'unseen models, seen dates', comparisons: unseen.map(earlyPart).map(compare) },
    { title: 'unseen models, unseen dates', comparisons: unseen.map(latePart).map(compare) },
  ]
}
