import { z } from 'zod'

const text = z.string().nullish()

/** Where Vast.ai sends notifications. */
export const webhookSchema = z.object({
  id: z.number(),
  name: text,
  webhook_url: z.string(),
  /** For example `host:machine_offline`. */
  event_types: z.array(z.string()),
  /** Epoch seconds. */
  created_at: z.number().nullish(),
  /** Epoch seconds. */
  updated_at: z.number().nullish(),
})

export type Webhook = z.output<typeof webhookSchema>

/** A webhook with the secret that signs its deliveries; shown at creation and rotation, never again. */
export const webhookWithSecretSchema = webhookSchema.extend({
  /** A secret: store it now, keep it out of logs. */
  webhook_secret: z.string(),
})

export type WebhookWithSecret = z.output<typeof webhookWithSecretSchema>

export const webhooksSchema = z.object({ webhooks: z.array(webhookSchema) })
export const oneWebhookSchema = z.object({ webhook: webhookSchema })
export const oneWebhookWithSecretSchema = z.object({ webhook: webhookWithSecretSchema })

/** What can be subscribed to. */
export const notificationTypeSchema = z.object({
  /** For example `client:low_credit`. */
  key: z.string(),
  display_name: text,
  /** `client` or `host`. */
  context: text,
  topic: text,
})

export type NotificationType = z.output<typeof notificationTypeSchema>

export const notificationTypesSchema = z.object({ notification_types: z.array(notificationTypeSchema) })

/** What a delivery says. */
export const webhookEventSchema = z.object({
  /** Stays the same when a delivery is repeated. */
  event_id: z.string().min(1),
  user_id: z.number().nullish(),
  /** Without its context, for example `machine_offline`. */
  notif_type: z.string(),
  subject: text,
  message: text,
  /** When it happened, epoch seconds. */
  timestamp: z.number().nullish(),
})

export type WebhookEvent = z.output<typeof webhookEventSchema>
