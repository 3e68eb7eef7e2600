export {
  AbortedError,
  AutomationError,
  type AutomationErrorOptions,
  describeError,
  type ErrorEffect,
  InvalidInputError,
} from './errors/automation-error.ts'
export type { Clock } from './time/clock.ts'
export { type Duration, durationMs } from './time/duration.ts'
export { type Random, seededRandom, systemRandom } from './time/random.ts'
export { systemClock } from './time/system-clock.ts'
export { VirtualClock } from './time/virtual-clock.ts'
