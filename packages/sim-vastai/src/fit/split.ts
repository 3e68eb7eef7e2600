import type { Recording } from './offer-row.ts'

/** Models whose early dates the parameters are fitted on. The other models are seen by the report alone. */
export const FITTED_MODELS: readonly string[] = ['A100_PCIE', 'A100_SXM4', 'H100_SXM', 'RTX_4090', 'RTX_6000Ada']

/** Dates from here on are seen by the report alone. */
export const FITTED_BEFORE_MS = Date.UTC(2026, 6, 10)

export function earlyPart(recording: Recording): Recording {
  return { ...recording, cycles: recording.cycles.filter(cycle => cycle.atMs < FITTED_BEFORE_MS) }
}

export function latePart(recording: Recording): Recording {
  return { ...recording, cycles: recording.cycles.filter(cycle => cycle.atMs >= FITTED_BEFORE_MS) }
}
