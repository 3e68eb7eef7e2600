import { z } from 'zod'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import {
  type NotificationType,
  notificationTypesSchema,
  oneWebhookSchema,
  oneWebhookWithSecretSchema,
  type Webhook,
  type WebhookWithSecret,
  webhooksSchema,
} from '../wire/webhook.ts'
import { checkId, checkInput } from './check-input.ts'
import { isOnThisMachine } from './client-options.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

const url = z
  .url()
  .max(2048)
  .refine(text => {
    const parsed = URL.canParse(text) ? new URL(text) : undefined
    return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isOnThisMachine(parsed))
  }, 'expected an https address (http only on this machine)')
const eventTypes = z.array(z.string().min(1)).min(1)
const name = z.string().max(120)

const createSchema = z.strictObject({
  /** Public `https` address; a simulator takes `http://127.0.0.1`. */
  url,
  /** For example `host:machine_offline`; {@link Webhooks.notificationTypes} lists them. */
  eventTypes,
  name: name.optional(),
})

const updateSchema = z.strictObject({
  url: url.optional(),
  eventTypes: eventTypes.optional(),
  name: name.optional(),
})

export type CreateWebhook = z.input<typeof createSchema>
export type UpdateWebhook = z.input<typeof updateSchema>

/** Where notifications go; four addresses at most. Deliveries are checked by `verifyWebhook`. */
export class Webhooks {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What can be subscribed to. */
  async notificationTypes(options?: RequestOptions): Promise<readonly NotificationType[]> {
    const answer = await this.#transport.call(endpoints.notificationTypes, notificationTypesSchema, {}, options)
    return answer.notification_types
  }

  async list(options?: RequestOptions): Promise<readonly Webhook[]> {
    return (await this.#transport.call(endpoints.listWebhooks, webhooksSchema, {}, options)).webhooks
  }

  /** Subscribes an address. The answer alone holds the secret: store it at once. */
  async create(wanted: CreateWebhook, options?: RequestOptions): Promise<WebhookWithSecret> {
    const body = webhookBody(checkInput(createSchema, wanted, 'the webhook'))
    return (await this.#transport.call(endpoints.createWebhook, oneWebhookWithSecretSchema, { body }, options)).webhook
  }

  async update(webhookId: number, wanted: UpdateWebhook, options?: RequestOptions): Promise<Webhook> {
    const body = webhookBody(checkInput(updateSchema, wanted, 'the webhook'))
    const outgoing = { ids: [checkId(webhookId, 'webhookId')], body }
    return (await this.#transport.call(endpoints.updateWebhook, oneWebhookSchema, outgoing, options)).webhook
  }

  async delete(webhookId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(webhookId, 'webhookId')], removes: true }
    await this.#transport.call(endpoints.deleteWebhook, acknowledgementSchema, outgoing, options)
  }

  /** Makes a new secret; deliveries signed with the old one end. */
  async rotateSecret(webhookId: number, options?: RequestOptions): Promise<WebhookWithSecret> {
    const ids = [checkId(webhookId, 'webhookId')]
    const answer = await this.#transport.call(
      endpoints.rotateWebhookSecret,
      oneWebhookWithSecretSchema,
      { ids },
      options,
    )
    return answer.webhook
  }

  /** Has a `webhook_test` event delivered, once. */
  async test(webhookId: number, options?: RequestOptions): Promise<void> {
    const ids = [checkId(webhookId, 'webhookId')]
    await this.#transport.call(endpoints.testWebhook, acknowledgementSchema, { ids }, options)
  }
}

function webhookBody(wanted: z.output<typeof updateSchema>): Record<string, unknown> {
  return { name: wanted.name, webhook_url: wanted.url, event_types: wanted.eventTypes }
}
