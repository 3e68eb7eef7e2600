import { envVarsSchema } from '../wire/account.ts'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { invalidInput } from './check-input.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import type { Outgoing, RequestOptions, Transport } from './transport.ts'

/** Environment variables that every new instance of the account gets. Their values may be secrets. */
export class EnvVars {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Values by name. Keep them out of logs. */
  async list(options?: RequestOptions): Promise<Readonly<Record<string, string | null>>> {
    return (await this.#transport.call(endpoints.listEnvVars, envVarsSchema, {}, options)).secrets ?? {}
  }

  async create(name: string, value: string, options?: RequestOptions): Promise<void> {
    await this.#write(endpoints.createEnvVar, { body: { key: checkName(name), value } }, options)
  }

  async update(name: string, value: string, options?: RequestOptions): Promise<void> {
    await this.#write(endpoints.updateEnvVar, { body: { key: checkName(name), value } }, options)
  }

  async delete(name: string, options?: RequestOptions): Promise<void> {
    await this.#write(endpoints.deleteEnvVar, { body: { key: checkName(name) }, removes: true }, options)
  }

  async #write(target: Endpoint, outgoing: Outgoing, options: RequestOptions | undefined): Promise<void> {
    await this.#transport.call(target, acknowledgementSchema, outgoing, options)
  }
}

function checkName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw invalidInput(
    `expected a name of letters, digits and _ for an environment variable, was ${JSON.stringify(name)}`,
  )
}
