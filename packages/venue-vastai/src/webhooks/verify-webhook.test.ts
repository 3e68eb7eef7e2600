import { createHmac } from 'node:crypto'
import { VirtualClock } from '@org/core'
import { describe, expect, it } from 'vitest'
import { SeenWebhooks } from './seen-webhooks.ts'
import { verifyWebhook, type WebhookDelivery } from './verify-webhook.ts'

const secret = 'whsec_0123456789'
const nowMs = Date.UTC(2026, 2, 1, 12)
const event = {
  event_id: 'e1',
  user_id: 123,
  notif_type: 'machine_offline',
  subject: 's',
  message: 'm',
  timestamp: 1.5,
  x: 1,
}

/** A delivery as Vast.ai would make it, `ageS` seconds ago. */
function delivery(
  changes: Partial<WebhookDelivery> & { readonly ageS?: number; readonly signedWith?: string } = {},
): WebhookDelivery {
  const body = changes.body ?? JSON.stringify(event)
  const timestamp = String(Math.floor(nowMs / 1000) - (changes.ageS ?? 0))
  const signature = createHmac('sha256', changes.signedWith ?? secret)
    .update(`${timestamp}.`)
    .update(body)
    .digest('hex')
  return {
    headers: { 'X-Vast-Timestamp': timestamp, 'X-Vast-Signature-256': `sha256=${signature}` },
    secret,
    clock: new VirtualClock({ startMs: nowMs }),
    seen: new SeenWebhooks(),
    ...changes,
    body,
  }
}

const code = (each: WebhookDelivery) => {
  try {
    verifyWebhook(each)
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('verifyWebhook', () => {
  it('reads a signed event, as text or as bytes, whatever the case of the headers', () => {
    const expected = { event_id: 'e1', notif_type: 'machine_offline', message: 'm' }
    expect(verifyWebhook(delivery())).toMatchObject(expected)
    expect(verifyWebhook(delivery({ body: new TextEncoder().encode(JSON.stringify(event)) }))).toMatchObject(expected)
    const { headers, ...rest } = delivery()
    const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    expect(verifyWebhook({ ...rest, headers: lower })).toMatchObject(expected)
  })

  it('holds a known answer: the digest that openssl gives for it', () => {
    // printf '1772490000.{"event_id":"a","notif_type":"b"}' | openssl dgst -sha256 -hmac secret
    const known = '49152dbb6d83c0586ba32cdf9145f1d162d3f6d5711c93230658c6a892643741'
    const each: WebhookDelivery = {
      body: '{"event_id":"a","notif_type":"b"}',
      headers: { 'x-vast-timestamp': '1772490000', 'x-vast-signature-256': `sha256=${known}` },
      secret: 'secret',
      clock: new VirtualClock({ startMs: 1_772_490_000_000 }),
      seen: new SeenWebhooks(),
    }
    expect(verifyWebhook(each).event_id).toBe('a')
  })

  it('refuses what is not signed', () => {
    const { headers } = delivery()
    expect(code(delivery({ headers: {} }))).toBe('WEBHOOK_UNSIGNED')
    expect(code(delivery({ headers: { 'X-Vast-Timestamp': headers['X-Vast-Timestamp'] } }))).toBe('WEBHOOK_UNSIGNED')
    expect(code(delivery({ headers: { ...headers, 'X-Vast-Timestamp': '1e9' } }))).toBe('WEBHOOK_UNSIGNED')
    expect(code(delivery({ secret: '' }))).toBe('WEBHOOK_UNSIGNED')
  })

  it('refuses another secret, a changed body, a changed time, and a cut signature', () => {
    const good = delivery()
    expect(code(delivery({ signedWith: 'other' }))).toBe('WEBHOOK_FORGED')
    expect(code({ ...good, body: `${good.body} ` })).toBe('WEBHOOK_FORGED')
    const timestamp = String(Math.floor(nowMs / 1000) + 1)
    expect(code({ ...good, headers: { ...good.headers, 'X-Vast-Timestamp': timestamp } })).toBe('WEBHOOK_FORGED')
    const cut = String(good.headers['X-Vast-Signature-256']).slice(0, -2)
    expect(code({ ...good, headers: { ...good.headers, 'X-Vast-Signature-256': cut } })).toBe('WEBHOOK_FORGED')
  })

  it('refuses what is older, or further ahead, than five minutes', () => {
    expect(code(delivery({ ageS: 300 }))).toBe('accepted')
    expect(code(delivery({ ageS: 301 }))).toBe('WEBHOOK_STALE')
    expect(code(delivery({ ageS: -301 }))).toBe('WEBHOOK_STALE')
    expect(code(delivery({ ageS: 20, toleranceMs: 10_000 }))).toBe('WEBHOOK_STALE')
  })

  it('accepts an event once, and again only when it was let in once more', () => {
    const seen = new SeenWebhooks()
    expect(code(delivery({ seen }))).toBe('accepted')
    expect(code(delivery({ seen }))).toBe('WEBHOOK_REPLAYED')
    expect(code(delivery({ seen, ageS: 10 }))).toBe('WEBHOOK_REPLAYED')
    seen.forget('e1')
    expect(code(delivery({ seen }))).toBe('accepted')
  })

  it('does not remember what it refused: a forger cannot shut out the real event', () => {
    const seen = new SeenWebhooks()
    expect(code(delivery({ seen, signedWith: 'other' }))).toBe('WEBHOOK_FORGED')
    expect(code(delivery({ seen }))).toBe('accepted')
  })

  it('refuses what is signed but no event', () => {
    expect(code(delivery({ body: 'hello' }))).toBe('WEBHOOK_MALFORMED')
    expect(code(delivery({ body: '{"event_id":""}' }))).toBe('WEBHOOK_MALFORMED')
  })

  it('never shows the secret', () => {
    const each = delivery({ signedWith: 'other' })
    expect(() => verifyWebhook(each)).not.toThrow(new RegExp(secret))
  })
})

describe('SeenWebhooks', () => {
  it('is bounded: it makes room by what is too old to be played again, and else refuses', () => {
    const seen = new SeenWebhooks({ deliveriesMax: 2 })
    expect(seen.add('a', 100, 0)).toBe('new')
    expect(seen.add('b', 200, 0)).toBe('new')
    expect(seen.add('c', 300, 50)).toBe('full')
    expect(seen.add('c', 300, 150)).toBe('new')
    expect(seen.size).toBe(2)
    expect(seen.add('b', 200, 150)).toBe('seen')
  })

  it('makes a flood of events wait instead of forgetting', () => {
    const seen = new SeenWebhooks({ deliveriesMax: 1 })
    expect(code(delivery({ seen }))).toBe('accepted')
    expect(code(delivery({ seen, body: JSON.stringify({ ...event, event_id: 'e2' }) }))).toBe('WEBHOOK_FLOODED')
    expect(code(delivery({ seen }))).toBe('WEBHOOK_REPLAYED')
  })
})
