import type { Clock, Random } from '@org/core'
import { invalidInput } from './check-input.ts'

const keyPattern = /^[A-Za-z0-9._:-]{1,100}$/

/** The two things that an instance's label carries. */
export interface InstanceLabel {
  readonly label: string | undefined
  readonly idempotencyKey: string | undefined
}

/**
 * A label that carries an idempotency key: Vast.ai keeps labels and lets instances be searched by them, which is all it offers against
 * renting twice.
 *
 * @throws {InvalidInputError} unless the key is 1 to 100 letters, digits or `._:-`.
 * @example
 * composeInstanceLabel('train-7', 'run-42') // 'train-7 #run-42'
 */
export function composeInstanceLabel(label: string | undefined, idempotencyKey: string): string {
  if (!keyPattern.test(idempotencyKey))
    throw invalidInput(
      `expected an idempotencyKey of 1 to 100 letters, digits or ._:-, was ${JSON.stringify(idempotencyKey.slice(0, 120))}`,
    )
  return label === undefined || label === '' ? `#${idempotencyKey}` : `${label} #${idempotencyKey}`
}

/**
 * What a label carries.
 *
 * @example
 * parseInstanceLabel('train-7 #run-42') // { label: 'train-7', idempotencyKey: 'run-42' }
 */
export function parseInstanceLabel(text: string | null | undefined): InstanceLabel {
  const match = /^(?:(.*) )?#([A-Za-z0-9._:-]{1,100})$/s.exec(text ?? '')
  if (match !== null) return { label: match[1], idempotencyKey: match[2] }
  return { label: text ?? undefined, idempotencyKey: undefined }
}

/**
 * A key for a caller who gave none. Offer and time are part of it, so that two clients with equal seeds do not make equal keys.
 */
export function newIdempotencyKey(offerId: number, clock: Clock, random: Random): string {
  const chance = Math.floor(random.next() * 2 ** 32).toString(36)
  return `${offerId.toString(36)}.${Math.max(0, Math.floor(clock.now())).toString(36)}.${chance}`
}
