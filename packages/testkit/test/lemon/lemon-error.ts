import { AutomationError } from '@org/core'

/** Something went wrong between us and the lemon market. */
export class LemonError extends AutomationError {}
