import { createdSshKeySchema, type SshKey, sshKeysSchema } from '../wire/account.ts'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { checkId } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import { checkPublicKey } from './ssh-public-key.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Public SSH keys of the account; new instances get all of them. */
export class SshKeys {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async list(options?: RequestOptions): Promise<readonly SshKey[]> {
    return this.#transport.call(endpoints.listSshKeys, sshKeysSchema, {}, options)
  }

  /** Adds a key. @param publicKey The text of a `.pub` file. */
  async create(publicKey: string, options?: RequestOptions): Promise<SshKey> {
    const body = { ssh_key: checkPublicKey(publicKey) }
    return (await this.#transport.call(endpoints.createSshKey, createdSshKeySchema, { body }, options)).key
  }

  async update(sshKeyId: number, publicKey: string, options?: RequestOptions): Promise<void> {
    const id = checkId(sshKeyId, 'sshKeyId')
    const outgoing = { ids: [id], body: { id, ssh_key: checkPublicKey(publicKey) } }
    await this.#transport.call(endpoints.updateSshKey, acknowledgementSchema, outgoing, options)
  }

  async delete(sshKeyId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(sshKeyId, 'sshKeyId')], removes: true }
    await this.#transport.call(endpoints.deleteSshKey, acknowledgementSchema, outgoing, options)
  }
}
