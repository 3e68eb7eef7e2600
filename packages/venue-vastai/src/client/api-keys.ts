import { type ApiKey, apiKeySchema, apiKeysSchema, type CreatedApiKey, createdApiKeySchema } from '../wire/account.ts'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { checkId, invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Keys of the account. */
export class ApiKeys {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async list(options?: RequestOptions): Promise<readonly ApiKey[]> {
    return (await this.#transport.call(endpoints.listApiKeys, apiKeysSchema, {}, options)).apikeys
  }

  async get(apiKeyId: number, options?: RequestOptions): Promise<ApiKey> {
    const ids = [checkId(apiKeyId, 'apiKeyId')]
    return this.#transport.call(endpoints.getApiKey, apiKeySchema, { ids }, options)
  }

  /** Makes a key. @param wanted `permissions` in Vast.ai's own notation; absent: all. */
  async create(
    wanted: {
      readonly name: string
      readonly permissions?: Readonly<Record<string, unknown>>
      readonly keyParams?: string
    },
    options?: RequestOptions,
  ): Promise<CreatedApiKey> {
    if (wanted.name.trim() === '') throw invalidInput('expected a name for the new API key')
    const body = { name: wanted.name, permissions: wanted.permissions, key_params: wanted.keyParams }
    return this.#transport.call(endpoints.createApiKey, createdApiKeySchema, { body }, options)
  }

  /** Ends a key at once; programs that use it stop working. */
  async delete(apiKeyId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(apiKeyId, 'apiKeyId')], removes: true }
    await this.#transport.call(endpoints.deleteApiKey, acknowledgementSchema, outgoing, options)
  }
}
