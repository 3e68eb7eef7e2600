import { AutomationError, type Clock, type Logger } from '@org/core'
import { VastAiNotFoundError, VastAiRefusedError, VastAiTimeoutError } from './errors.ts'
import type { RequestOptions } from './transport.ts'
import { withEffect } from './with-effect.ts'

/** What {@link createOnce} needs to rent, look and take back. */
export interface CreatePlan {
  /** Text of the label that carries the key. */
  readonly label: string
  /** The key may have been used before, by a run that ended: look before anything is sent. */
  readonly looksFirst: boolean
  /** Sends the create; one request, never repeated by the transport. */
  send(): Promise<number>
  /** Ids of the instances that carry the label, oldest first. */
  find(): Promise<readonly number[]>
  destroy(instanceId: number): Promise<void>
  readonly clock: Clock
  readonly logger: Logger
}

/** What a create came to. */
export interface CreatedInstance {
  readonly instanceId: number
  /** Key that the instance carries; absent when the caller wanted none. */
  readonly idempotencyKey: string | undefined
  /** True: it had been rented before, by an earlier attempt or run, and was found. */
  readonly wasFound: boolean
}

/** After a lost answer the instance may show up late: looks at these times after each other, milliseconds. */
export const lookWaitsMs = [0, 2000, 5000, 10_000]
/** Creates sent for one key in all. */
export const sendsMax = 3

/**
 * Rents exactly once, whatever becomes of the answers.
 *
 * When an answer is lost (connection broken, 5xx, garbage) it looks for an instance with the key's label, several times over 17 seconds,
 * and only then sends again. After a time-out nothing is sent again: the server may still be at it. If a slow server makes two after
 * all, or another process used the same key at the same instant, the younger one is destroyed at once.
 *
 * @throws {AutomationError} `effect: 'none'` when nothing was rented, `'unknown'` when that cannot be told yet: look for the label later.
 */
export async function createOnce(
  plan: CreatePlan,
  options: RequestOptions | undefined,
): Promise<Omit<CreatedInstance, 'idempotencyKey'>> {
  const known = plan.looksFirst ? await keepOldest(plan, await plan.find()) : undefined
  if (known !== undefined) return { instanceId: known, wasFound: true }
  let isUncertain = false
  for (let send = 1; ; send++) {
    let instanceId: number
    try {
      instanceId = await plan.send()
    } catch (error) {
      if (!AutomationError.isInstance(error) || options?.signal?.aborted) throw error
      isUncertain ||= error.effect === 'unknown'
      // A definite refusal of the first attempt: nothing is rented. Of a later one: perhaps because the first took the offer.
      if (!isUncertain) throw error
      plan.logger.warn(
        { label: plan.label, code: error.code, send },
        'the answer to a create was lost: looking for the instance',
      )
      const found = await keepOldest(plan, await look(plan, error, options))
      if (found !== undefined) return { instanceId: found, wasFound: true }
      if (error.effect !== 'unknown' || error instanceof VastAiTimeoutError || send >= sendsMax)
        throw withEffect(error, 'unknown')
      continue
    }
    // Nobody else can have used a key that was made up here.
    if (!isUncertain && !plan.looksFirst) return { instanceId, wasFound: false }
    const kept = (await keepOldest(plan, await lookAgain(plan, instanceId, isUncertain))) ?? instanceId
    return { instanceId: kept, wasFound: kept !== instanceId }
  }
}

/**
 * After a success: an earlier attempt may have rented as well, or somebody else with the same key at the same instant. Of those, whoever
 * looks last sees all, and all keep the oldest.
 *
 * @throws {VastAiRefusedError} `effect: 'done'` when an earlier attempt is open and looking fails.
 */
async function lookAgain(plan: CreatePlan, instanceId: number, isUncertain: boolean): Promise<readonly number[]> {
  try {
    return await plan.find()
  } catch (cause) {
    if (!AutomationError.isInstance(cause)) throw cause
    const message = `instance ${instanceId} is rented, but whether ${plan.label} is rented twice could not be seen (${cause.shortMessage}); create again with the same key`
    if (isUncertain) throw new VastAiRefusedError({ message, effect: 'done', details: { kept: instanceId }, cause })
    plan.logger.warn({ label: plan.label, code: cause.code }, message)
    return []
  }
}

/** @throws what made us look, when looking fails as well: whether something was rented stays unknown. */
async function look(
  plan: CreatePlan,
  reason: AutomationError,
  options: RequestOptions | undefined,
): Promise<readonly number[]> {
  try {
    for (const waitMs of lookWaitsMs) {
      if (waitMs > 0) await plan.clock.sleep(waitMs, { signal: options?.signal })
      const found = await plan.find()
      if (found.length > 0) return found
    }
    return []
  } catch (failure) {
    if (!AutomationError.isInstance(failure)) throw failure
    throw withEffect(failure.code === 'ABORTED' ? failure : reason, 'unknown')
  }
}

/** Destroys all but the first of the instances that carry the key. */
async function keepOldest(plan: CreatePlan, found: readonly number[]): Promise<number | undefined> {
  const [oldest, ...younger] = found
  for (const extra of younger) {
    plan.logger.warn({ label: plan.label, instanceId: extra }, 'a second instance with the same key: destroying it')
    try {
      await plan.destroy(extra)
    } catch (cause) {
      // Whoever shares the key has done it.
      if (cause instanceof VastAiNotFoundError) continue
      throw new VastAiRefusedError({
        message: `instances ${oldest} and ${extra} both carry ${plan.label}, and destroying ${extra} failed: destroy it by hand`,
        effect: 'done',
        details: { kept: oldest, extra },
        cause,
      })
    }
  }
  return oldest
}
