import { createHash, createHmac } from 'node:crypto'
import { request } from 'node:http'
import type { Webhook } from '../account-book.ts'

/** What a webhook is told. */
export interface WebhookEvent {
  readonly event_id: string
  readonly user_id: number
  /** Short: without `client:` or `host:`. */
  readonly notif_type: string
  readonly subject: string
  readonly message: string
  /** Epoch seconds. */
  readonly timestamp: number
}

/** How one delivery ended. `status` 0: no answer. */
export interface Delivery {
  readonly webhookId: number
  readonly eventId: string
  readonly notifType: string
  readonly attempt: number
  readonly status: number
}

const TIMEOUT_MS = 10_000

/** `sha256=` and the HMAC of `<timestamp>.<body>`: what `X-Vast-Signature-256` says. */
export function signWebhook(secret: string, timestampS: number, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestampS}.${body}`).digest('hex')}`
}

/** A name for an event that is the same in every run. */
export function eventId(seed: number, number: number): string {
  return createHash('sha256').update(`sim-vastai event ${seed} ${number}`).digest('hex').slice(0, 32)
}

/** One signed POST. Resolves with the status, 0 when there was no answer. */
export function deliver(webhook: Webhook, event: WebhookEvent, attempt: number, nowMs: number): Promise<number> {
  const body = JSON.stringify(event)
  const timestampS = Math.floor(nowMs / 1000)
  return new Promise(resolve => {
    const post = request(
      webhook.url,
      {
        method: 'POST',
        timeout: TIMEOUT_MS,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          'X-Vast-Event-Id': event.event_id,
          'X-Vast-Delivery-Attempt': String(attempt),
          'X-Vast-Timestamp': String(timestampS),
          'X-Vast-Signature-256': signWebhook(webhook.secret, timestampS, body),
        },
      },
      response => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', () => resolve(0))
      },
    )
    post.on('timeout', () => post.destroy())
    post.on('error', () => resolve(0))
    post.end(body)
  })
}
