import { type ActionDefinition, isSecretName } from '@org/core'
import { z } from 'zod'

/**
 * Rents an offer. What its intent reserves is booked in full: an `exposure` stands for the venue and the intent's `asset` until
 * {@link destroyInstanceSchema} gives it back.
 *
 * All of it stands in the journal for ever, readable by whoever reads the journal. Therefore no login for a private image can be given
 * here, and `env` refuses names of secrets ({@link isSecretName}). A secret under another name, or within a value, `image` or `onstart`,
 * is not recognised: set it once as an environment variable of the account (`client.envVars`), which every new instance gets, and let
 * `onstart` read it from there.
 */
export const createInstanceSchema = z.strictObject({
  /** The `id` of an offer. */
  offerId: z.number().int().positive(),
  /** A container image, for example `pytorch/pytorch:latest`. */
  image: z.string().min(1),
  /** GB; 8 is the least. */
  diskGb: z.number().min(8).default(10),
  /** A bid for an interruptible instance: USD per hour for the whole offer, renter terms. `null`: on demand. */
  bidPerHour: z.number().min(0.001).max(128).nullable().default(null),
  /** Environment variables that are no secrets; `{ '-p 8080:8080': '1' }` opens a port. */
  env: z.record(z.string(), z.string()).superRefine(refuseSecrets).default({}),
  /** Shell commands run at the start of the instance: `$HF_TOKEN` instead of the token itself. */
  onstart: z.string().optional(),
})
export type CreateInstanceParams = z.output<typeof createInstanceSchema>

/**
 * Ends a rental. Its intent names the `asset` of the one that rented and, as `reduction`, the `exposure` which that one reserved: so much
 * is given back. Without a `reduction` the exposure stands.
 *
 * @example
 * { action: 'destroy-instance', asset: 'training', params: { instanceId }, reduces: true, reduction: 20, ... }
 */
export const destroyInstanceSchema = z.strictObject({ instanceId: z.number().int().positive() })
export type DestroyInstanceParams = z.output<typeof destroyInstanceSchema>

/** Changes a bid. An `exposure` of its intent is booked on top of what stands: say only by how much it grows. */
export const changeBidSchema = z.strictObject({
  instanceId: z.number().int().positive(),
  /** USD per hour for the whole instance, renter terms. */
  bidPerHour: z.number().min(0.001).max(32),
})
export type ChangeBidParams = z.output<typeof changeBidSchema>

export const createInstance = {
  params: createInstanceSchema,
  // The key travels as the instance's label.
  idempotency: 'lookup',
  reduces: false,
  description: 'rents an offer once, whatever happens to the answer',
} satisfies ActionDefinition

export const destroyInstance = {
  params: destroyInstanceSchema,
  idempotency: 'convergent',
  reduces: true,
  description: 'ends a rental and deletes its data',
} satisfies ActionDefinition

export const changeBid = {
  params: changeBidSchema,
  idempotency: 'convergent',
  reduces: false,
  description: 'changes the bid of an interruptible instance',
} satisfies ActionDefinition

/** Says the name and never the value. */
function refuseSecrets(env: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  const name = Object.keys(env).find(isSecretName)
  if (name === undefined) return
  context.addIssue({
    code: 'custom',
    message: `${name} looks like a secret, and the journal keeps what an intent says: set it once with client.envVars.create(${JSON.stringify(name)}, …), then every new instance of the account has it`,
  })
}
