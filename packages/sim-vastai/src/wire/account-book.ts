import type { Account } from '../market/account.ts'
import { BoundedList } from './bounded-list.ts'
import type { Json, JsonObject } from './json.ts'

/** A public key that instances accept. */
export interface SshKey {
  readonly id: number
  publicKey: string
  readonly createdS: number
}

/** What an instance can be made from instead of an image. */
export interface Template {
  readonly id: number
  hashId: string
  /** As sent: name, image, env, onstart, runtype … */
  fields: JsonObject
  countCreated: number
  readonly createdS: number
  recentS: number
}

/** A call that the service makes later, on the user's behalf. Kept and shown, never run. */
export interface ScheduledJob {
  readonly id: number
  fields: JsonObject
}

/** Where a user wants to hear of events. */
export interface Webhook {
  readonly id: number
  name: string | null
  url: string
  /** Full keys, for example `host:machine_offline`. */
  eventTypes: readonly string[]
  secret: string
  readonly createdS: number
  updatedS: number
}

/** One line of the account's history. */
export interface AuditEntry {
  readonly ip_address: string
  readonly api_key_id: number
  /** Epoch seconds. */
  readonly created_at: number
  readonly api_route: string
  readonly args: Json
}

/** A payment to the account, or a prepayment from it. */
export interface Payment {
  readonly id: number
  /** Epoch seconds. */
  readonly whenS: number
  readonly service: 'stripe_payments' | 'instance_prepay' | 'transfer'
  readonly amountUsd: number
  readonly description: string
  readonly instanceId: number | undefined
}

/** Limits that the real service names. */
export const WEBHOOKS_MAX = 4
export const ITEMS_MAX = 1_000

/** What an account owns apart from machines and contracts. */
export class AccountBook {
  readonly account: Account
  readonly sshKeys = new Map<number, SshKey>()
  /** Environment variables that every new instance gets. */
  readonly secrets = new Map<string, string>()
  readonly templates = new Map<number, Template>()
  readonly scheduledJobs = new Map<number, ScheduledJob>()
  readonly webhooks = new Map<number, Webhook>()
  readonly auditLog = new BoundedList<AuditEntry>(ITEMS_MAX)
  readonly payments = new BoundedList<Payment>(ITEMS_MAX)
  /** What `PUT /users/` changed. */
  readonly settings = new Map<string, Json>()
  readonly subaccounts: JsonObject[] = []
  readonly notificationPreferences = new Map<string, Json>()

  constructor(account: Account) {
    this.account = account
  }
}
