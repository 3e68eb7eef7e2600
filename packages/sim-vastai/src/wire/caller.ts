import type { Account } from '../market/account.ts'
import type { AccountBook } from './account-book.ts'
import type { Permission } from './permission.ts'

/** An API key of an account. The key itself never leaves this object except in the answer that creates it. */
export interface ApiKey {
  readonly id: number
  readonly name: string
  readonly key: string
  /** All permissions when undefined. */
  readonly scopes: ReadonlySet<Permission> | undefined
  /** As sent when the key was made. */
  readonly sentPermissions: unknown
  readonly createdS: number
}

/** Who makes a call. */
export interface Caller {
  readonly account: Account
  readonly apiKey: ApiKey
  readonly book: AccountBook
}
