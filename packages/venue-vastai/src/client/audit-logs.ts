import { z } from 'zod'
import { type AuditLog, auditLogSchema } from '../wire/account.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

const auditLogsSchema = z.array(auditLogSchema)

/** What was done with the account. */
export class AuditLogs {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async list(options?: RequestOptions): Promise<readonly AuditLog[]> {
    return this.#transport.call(endpoints.auditLogs, auditLogsSchema, {}, options)
  }
}
