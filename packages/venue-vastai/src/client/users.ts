import { ipAddressesSchema, type Subaccount, subaccountsSchema, type User, userSchema } from '../wire/account.ts'
import { ApiKeys } from './api-keys.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** The account behind the key. */
export class Users {
  readonly apiKeys: ApiKeys
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
    this.apiKeys = new ApiKeys(transport)
  }

  /** Whose key this is, with balance; the cheapest way to learn whether a key works. */
  async current(options?: RequestOptions): Promise<User> {
    return this.#transport.call(endpoints.currentUser, userSchema, {}, options)
  }

  /** From where the account was used, as Vast.ai says it. */
  async ipAddresses(options?: RequestOptions): Promise<readonly unknown[]> {
    const outgoing = { query: { owner: 'me' } }
    return this.#transport.call(endpoints.ipAddresses, ipAddressesSchema, outgoing, options)
  }

  async subaccounts(options?: RequestOptions): Promise<readonly Subaccount[]> {
    const outgoing = { query: { owner: 'me' } }
    return (await this.#transport.call(endpoints.subaccounts, subaccountsSchema, outgoing, options)).users
  }
}
