import { type Duration, durationMs, InvalidInputError } from '@org/core'
import { type SearchOptions, search } from './search.ts'
import type { TrialOutcome } from './trial.ts'
import { runTrials } from './trial-threads.ts'

export interface WalkForwardOptions extends Omit<SearchOptions, 'from' | 'to'> {
  /** The history, milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** What the search sees. */
  readonly train: Duration
  /** What comes after it, on which the best is judged; the next window begins so much later. */
  readonly test: Duration
  /** Left out between the two, so that what was open at the end of one does not reach into the other. @default 0 */
  readonly gap?: Duration
  /** Each search sees everything from the beginning. @default false */
  readonly isAnchored?: boolean
}

export interface ForwardWindow {
  readonly trainFrom: number
  readonly trainTo: number
  readonly testFrom: number
  readonly testTo: number
}

export interface ForwardStep extends ForwardWindow {
  /** The best of the search. */
  readonly trained: TrialOutcome
  /** The same parameters on what came after. */
  readonly tested: TrialOutcome
}

/**
 * Searches on one stretch of history and judges the best on the next, again and again: what a person who had searched would have got.
 *
 * @throws InvalidInputError `INVALID_OPTION` when the history is too short for one window.
 */
export async function walkForward(options: WalkForwardOptions): Promise<readonly ForwardStep[]> {
  const { trial, data, execArgv, signal } = options
  const steps: ForwardStep[] = []
  for (const window of windowsOf(options)) {
    const { best } = await search({ ...options, from: window.trainFrom, to: window.trainTo })
    const task = { parameters: best.parameters, from: window.testFrom, to: window.testTo }
    const [tested] = await runTrials([task], { trial, data, threads: 1, execArgv, signal }, () => {})
    steps.push({ ...window, trained: best, tested: tested as TrialOutcome })
  }
  return steps
}

/** The stretches of history, oldest first; a last one that would be cut short is left out. */
export function windowsOf(options: Omit<WalkForwardOptions, 'trial' | 'space'>): ForwardWindow[] {
  const { from, to, isAnchored = false } = options
  const trainMs = durationMs(options.train)
  const testMs = durationMs(options.test)
  const gapMs = durationMs(options.gap ?? 0)
  const windows: ForwardWindow[] = []
  if (testMs > 0)
    for (let start = from; start + trainMs + gapMs + testMs <= to; start += testMs) {
      const testFrom = start + trainMs + gapMs
      const trainFrom = isAnchored ? from : start
      windows.push({ trainFrom, trainTo: start + trainMs, testFrom, testTo: testFrom + testMs })
    }
  if (windows.length > 0) return windows
  throw new InvalidInputError({
    code: 'INVALID_OPTION',
    message: `train, test: expected them to fit into the history of ${Math.round((to - from) / 86_400_000)} days at least once`,
  })
}
