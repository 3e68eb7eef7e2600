import assert from 'node:assert/strict'
import { AutomationError } from '@org/core'

/** How a call ended. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: AutomationError }

/** Waits for a call's end. What is thrown must be an error of the framework: by its code and its effect programs decide. */
export async function outcomeOf<Value>(call: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { ok: true, value: await call() }
  } catch (error) {
    assert.ok(AutomationError.isInstance(error), `expected an AutomationError, was ${String(error)}`)
    return { ok: false, error }
  }
}

/** The error of a call that had to fail, fit to be shown: a stable code and one line. */
export function errorOf(outcome: Outcome<unknown>, what: string): AutomationError {
  assert.ok(!outcome.ok, `${what}: expected an error, was ${shown(outcome)}`)
  assert.match(outcome.error.code, /^[A-Z][A-Z0-9_]+$/, `${what}: expected a stable code`)
  assert.match(outcome.error.message, /^[^\n]+$/, `${what}: expected one line that says what to do`)
  return outcome.error
}

/** The value of a call that had to succeed. */
export function answerOf<Value>(outcome: Outcome<Value>, what: string): Value {
  assert.ok(outcome.ok, `${what}: expected a value, was ${shown(outcome)}`)
  return outcome.value
}

/** For messages. */
export function shown(outcome: Outcome<unknown>): string {
  if (outcome.ok) return JSON.stringify(outcome.value)?.slice(0, 200) ?? 'undefined'
  const { code, effect, message } = outcome.error
  return `${code} (effect ${effect}): ${message}`
}
