import { z } from 'zod'

const text = z.string().nullish()
const time = z.union([z.number(), z.string()]).nullish()

/** The account behind the key. The key that Vast.ai sends along is dropped here. */
export const userSchema = z.object({
  id: z.number(),
  username: text,
  email: text,
  /** USD; for hosts, what they have earned and not been paid. */
  balance: z.number().nullish(),
  /** USD of credit left. */
  credit: z.number().nullish(),
  has_billing: z.boolean().nullish(),
  can_pay: z.boolean().nullish(),
  /** USD of the next payout. */
  paid_expected: z.number().nullish(),
  /** The public key, when one is set. */
  ssh_key: text,
})

export type User = z.output<typeof userSchema>

/** Some answers are a bare list, some wrap it. */
export const ipAddressesSchema = z.union([
  z.array(z.unknown()),
  z.object({ results: z.array(z.unknown()) }).transform(answer => answer.results),
])

export const subaccountSchema = z.object({ id: z.number(), username: text, email: text })

export type Subaccount = z.output<typeof subaccountSchema>

export const subaccountsSchema = z.object({ users: z.array(subaccountSchema) })

/** An action in the account's history. */
export const auditLogSchema = z.object({
  ip_address: text,
  api_key_id: z.number().nullish(),
  created_at: time,
  api_route: text,
  args: z.unknown().optional(),
})

export type AuditLog = z.output<typeof auditLogSchema>

/** An API key without its text. */
export const apiKeySchema = z.object({
  id: z.number(),
  name: text,
  created_at: time,
  permissions: z.unknown().optional(),
})

export type ApiKey = z.output<typeof apiKeySchema>

export const apiKeysSchema = z.object({ apikeys: z.array(apiKeySchema) })

/** A key that was just made: the only time its text is shown. */
export const createdApiKeySchema = z.object({
  id: z.number().nullish(),
  /** A secret: store it now, keep it out of logs. */
  key: z.string(),
})

export type CreatedApiKey = z.output<typeof createdApiKeySchema>

/** A public SSH key of the account. */
export const sshKeySchema = z.object({
  id: z.number(),
  user_id: z.number().nullish(),
  /** In lists. */
  key: text,
  /** In the answer to a create. */
  public_key: text,
  created_at: time,
  deleted_at: time,
})

export type SshKey = z.output<typeof sshKeySchema>

export const sshKeysSchema = z.array(sshKeySchema)
export const createdSshKeySchema = z.object({ key: sshKeySchema })

/** Environment variables that every instance of the account gets. */
export const envVarsSchema = z.object({ secrets: z.record(z.string(), z.string().nullable()).nullish() })
