import { createHash } from 'node:crypto'
import { WEBHOOKS_MAX, type Webhook } from '../account-book.ts'
import { json } from '../answer.ts'
import { requireId } from '../arguments.ts'
import type { Call, Route } from '../call.ts'
import { isJsonObject, type Json } from '../json.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { eventTypes, isEventKey } from '../webhooks/event-types.ts'

const URL_CHARS_MAX = 2_048
const NAME_CHARS_MAX = 120
const controlCharacters = /\p{Cc}/u

/** Webhooks of the account. The signing secret is shown when a webhook is made and when it is rotated, never again. */
export const webhookRoutes: readonly Route[] = [
  { method: 'GET', path: '/notification-types', access: 'user_read', handle: listTypes },
  {
    method: 'GET',
    path: '/users/:id/notification-prefs',
    access: 'user_read',
    handle: ({ caller }) =>
      json({ success: true, notification_preferences: Object.fromEntries(caller.book.notificationPreferences) }),
  },
  { method: 'PUT', path: '/users/:id/notification-prefs', access: 'user_write', handle: setPreferences },
  {
    method: 'GET',
    path: '/webhooks',
    access: 'user_read',
    handle: call =>
      json({ success: true, webhooks: [...call.caller.book.webhooks.values()].map(webhook => show(call, webhook)) }),
  },
  { method: 'POST', path: '/webhooks', access: 'user_write', handle: create },
  {
    method: 'PUT',
    path: '/webhooks/:id',
    access: 'user_write',
    handle: call => {
      const webhook = find(call)
      const { body } = call
      if ('webhook_url' in body) webhook.url = readUrl(body['webhook_url'])
      if ('event_types' in body) webhook.eventTypes = readEvents(body['event_types'])
      if ('name' in body) webhook.name = readName(body['name'])
      webhook.updatedS = call.nowMs / 1000
      return json({
        success: true,
        webhook: show(call, webhook),
        enabled_notification_preferences: webhook.eventTypes,
      })
    },
  },
  {
    method: 'DELETE',
    path: '/webhooks/:id',
    access: 'user_write',
    handle: call => {
      call.caller.book.webhooks.delete(find(call).id)
      return json({ success: true })
    },
  },
  {
    method: 'POST',
    path: '/webhooks/:id/rotate-secret',
    access: 'user_write',
    handle: call => {
      const webhook = find(call)
      webhook.secret = newSecret(call)
      webhook.updatedS = call.nowMs / 1000
      return json({ success: true, webhook: { ...show(call, webhook), webhook_secret: webhook.secret } })
    },
  },
  {
    method: 'POST',
    path: '/webhooks/:id/test',
    access: 'user_write',
    handle: async call => {
      const status = await call.simulation.notifier.test(call.caller.account.id, find(call))
      if (status < 200 || status >= 300)
        throw new Refused(400, 'delivery_failed', `Test webhook was not accepted (status ${status}).`)
      return json({ success: true, msg: 'Test webhook delivered' })
    },
  },
]

function listTypes() {
  return json({
    success: true,
    notification_types: eventTypes.map(({ key, displayName, topic }) => {
      const [context, slug] = key.split(':')
      return {
        key,
        slug,
        context,
        topic,
        category: topic,
        display_name: displayName,
        default_preferences: { email: true, webhooks: false },
        mandatory_email: false,
      }
    }),
  })
}

function setPreferences(call: Call) {
  const preferences = call.body['notification_preferences']
  if (!isJsonObject(preferences)) throw invalidArguments('Invalid notification_preferences')
  const kept = call.caller.book.notificationPreferences
  kept.clear()
  for (const [context, value] of Object.entries(preferences)) kept.set(context, value)
  return json({ success: true, notification_preferences: preferences })
}

function create(call: Call) {
  const { webhooks } = call.caller.book
  if (webhooks.size >= WEBHOOKS_MAX) throw invalidArguments(`At most ${WEBHOOKS_MAX} webhooks per user.`)
  const nowS = call.nowMs / 1000
  const webhook: Webhook = {
    id: call.simulation.nextId('webhook'),
    name: readName(call.body['name']),
    url: readUrl(call.body['webhook_url']),
    eventTypes: readEvents(call.body['event_types']),
    secret: newSecret(call),
    createdS: nowS,
    updatedS: nowS,
  }
  webhooks.set(webhook.id, webhook)
  // What is true now is no event.
  call.simulation.notifier.observe()
  return json({
    success: true,
    webhook: { ...show(call, webhook), webhook_secret: webhook.secret },
    enabled_notification_preferences: webhook.eventTypes,
  })
}

function find(call: Call): Webhook {
  const webhook = call.caller.book.webhooks.get(requireId(call.params[0], 'webhook id'))
  if (webhook === undefined) throw new Refused(404, 'no_such_webhook', 'No such webhook.')
  return webhook
}

function show(call: Call, webhook: Webhook) {
  return {
    id: webhook.id,
    user_id: call.caller.account.id,
    name: webhook.name,
    webhook_url: webhook.url,
    event_types: webhook.eventTypes,
    created_at: webhook.createdS,
    updated_at: webhook.updatedS,
  }
}

/**
 * The real service takes `https://` to public hosts alone. A simulator must never talk to a stranger, so this one takes
 * `http://127.0.0.1` alone.
 */
function readUrl(value: Json | undefined): string {
  if (typeof value !== 'string' || value.length > URL_CHARS_MAX || !URL.canParse(value))
    throw invalidArguments('Invalid webhook_url')
  const url = new URL(value)
  if (url.protocol !== 'http:' || url.hostname !== '127.0.0.1')
    throw invalidArguments('Invalid webhook_url: this simulator delivers to http://127.0.0.1 only')
  return value
}

function readEvents(value: Json | undefined): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) throw invalidArguments('Invalid event_types: expected a list')
  const keys = (value as readonly Json[]).map(String)
  const unknown = keys.find(key => !isEventKey(key))
  if (unknown !== undefined) throw invalidArguments(`Invalid event_types: unknown ${unknown}`)
  return keys
}

function readName(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value.length > NAME_CHARS_MAX || controlCharacters.test(value))
    throw invalidArguments('Invalid name')
  return value
}

function newSecret(call: Call): string {
  const number = call.simulation.nextId('webhook-secret')
  return createHash('sha256').update(`webhook ${call.simulation.seed} ${number}`).digest('hex')
}
