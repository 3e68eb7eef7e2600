import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@org/core'
import { type WebhookEvent, webhookEventSchema } from '../wire/webhook.ts'
import type { SeenWebhooks } from './seen-webhooks.ts'
import { VastAiWebhookError } from './webhook-error.ts'

/** A delivery as it arrived, and what it is checked with. */
export interface WebhookDelivery {
  /** The request's body exactly as received: parsing and writing it again breaks the signature. */
  readonly body: string | Uint8Array
  /** The request's headers; names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The secret that `webhooks.create` returned. */
  readonly secret: string
  readonly clock: Clock
  /** Remembers deliveries, so that none is accepted twice. Keep one per webhook, as long as the program runs. */
  readonly seen: SeenWebhooks
  /** How old, or how far ahead, a delivery may be; milliseconds. @default 300000 */
  readonly toleranceMs?: number
}

/** Vast.ai's documents name five minutes. */
const toleranceMsDefault = 300_000

/**
 * Checks that a notification was sent by Vast.ai, lately, and for the first time.
 *
 * The signature (`x-vast-signature-256`) is HMAC-SHA256 over the text of `x-vast-timestamp`, a dot, and the body. Vast.ai repeats a
 * delivery until it is answered with 2xx: answer `WEBHOOK_REPLAYED` with 2xx as well, `WEBHOOK_FLOODED` with 503, the others with 400.
 * When acting on the event fails, call `seen.forget(event.event_id)` and answer 503.
 *
 * @throws {VastAiWebhookError} `WEBHOOK_UNSIGNED`, `WEBHOOK_FORGED`, `WEBHOOK_STALE`, `WEBHOOK_MALFORMED`, `WEBHOOK_REPLAYED` or
 *   `WEBHOOK_FLOODED`; checked in this order.
 * @example
 * const event = verifyWebhook({ body, headers: request.headers, secret, clock, seen })
 * if (event.notif_type === 'machine_offline') alarm(event.message)
 *
 * Source: docs.vast.ai/guides/reference/notification-webhooks, read November 2026; not tried against the live service.
 */
export function verifyWebhook(delivery: WebhookDelivery): WebhookEvent {
  const { body, headers, secret, clock, seen } = delivery
  const toleranceMs = delivery.toleranceMs ?? toleranceMsDefault
  const timestamp = header(headers, 'x-vast-timestamp')
  const signature = header(headers, 'x-vast-signature-256')
  if (secret === '' || timestamp === undefined || !/^\d{1,12}$/.test(timestamp) || signature === undefined)
    throw new VastAiWebhookError(
      'WEBHOOK_UNSIGNED',
      'the notification carries no signature and time, or there is no secret',
    )
  const expected = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest()
  const given = Buffer.from(/^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1] ?? '', 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new VastAiWebhookError(
      'WEBHOOK_FORGED',
      'the signature of the notification is wrong: check the secret, and that the body is raw',
    )
  const nowMs = clock.now()
  const sentMs = Number(timestamp) * 1000
  if (Math.abs(nowMs - sentMs) > toleranceMs)
    throw new VastAiWebhookError(
      'WEBHOOK_STALE',
      `the notification is ${Math.round((nowMs - sentMs) / 1000)} s old, allowed are ${toleranceMs / 1000} s: check the clock`,
    )
  const event = readEvent(body)
  const state = seen.add(event.event_id, sentMs + toleranceMs, nowMs)
  if (state === 'new') return event
  throw state === 'seen'
    ? new VastAiWebhookError('WEBHOOK_REPLAYED', `the notification ${event.event_id} was accepted before`)
    : new VastAiWebhookError(
        'WEBHOOK_FLOODED',
        'more notifications at once than can be remembered: answer 503, it will be repeated',
      )
}

function readEvent(body: string | Uint8Array): WebhookEvent {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = undefined
  }
  const parsed = webhookEventSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new VastAiWebhookError('WEBHOOK_MALFORMED', 'the notification is signed but not readable as an event')
}

function header(headers: WebhookDelivery['headers'], name: string): string | undefined {
  const direct = headers[name]
  const value = direct ?? Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1]
  return typeof value === 'string' ? value : value?.[0]
}
