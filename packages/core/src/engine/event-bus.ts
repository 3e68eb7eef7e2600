import { EventEmitter } from 'eventemitter3'
import type { AutomationError } from '../errors/automation-error.ts'
import type { Opportunity } from '../intent/opportunity.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'
import type { ExecutionResult } from '../strategy/strategy.ts'
import type { Reconciled } from './health.ts'

/** What can be listened to. Names are noun-verb; `journal-written` carries every fact of the ledger. */
export interface EngineEvents {
  'engine-started': (event: { readonly at: number }) => void
  'engine-stopped': (event: { readonly at: number }) => void
  /** At start, and later whenever something was in doubt. */
  'reconciliation-finished': (event: Reconciled) => void
  'scan-started': (event: { readonly strategyId: string; readonly at: number }) => void
  'scan-finished': (event: {
    readonly strategyId: string
    readonly at: number
    readonly opportunities: number
    readonly executed: number
  }) => void
  'scan-failed': (event: { readonly strategyId: string; readonly at: number; readonly error: AutomationError }) => void
  'opportunity-declined': (event: { readonly opportunity: Opportunity; readonly at: number }) => void
  'opportunity-executed': (event: {
    readonly opportunity: Opportunity
    readonly result: ExecutionResult
    readonly at: number
  }) => void
  'journal-written': (entry: JournalEntry) => void
}

/** A typed emitter. A listener that throws or rejects harms nobody but itself. */
export type EventBus = Pick<EventEmitter<EngineEvents>, 'on' | 'once' | 'off'>

export class EngineEventBus extends EventEmitter<EngineEvents> {
  readonly #onListenerError: (error: unknown) => void

  constructor(onListenerError: (error: unknown) => void) {
    super()
    this.#onListenerError = onListenerError
  }

  /** Emits; an error of a listener is reported and goes no further. */
  announce<Name extends keyof EngineEvents>(name: Name, ...args: Parameters<EngineEvents[Name]>): void {
    for (const listener of this.listeners(name)) {
      // Removes it if it was to be called once, and leaves it otherwise.
      this.off(name, listener, undefined, true)
      try {
        const returned: unknown = (listener as (...values: Parameters<EngineEvents[Name]>) => unknown)(...args)
        if (returned instanceof Promise) returned.catch(this.#onListenerError)
      } catch (error) {
        this.#onListenerError(error)
      }
    }
  }
}
