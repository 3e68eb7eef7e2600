import { z } from 'zod'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { type ScheduledJob, scheduledJobsSchema } from '../wire/scheduled-job.ts'
import { checkId, checkInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

const day = z.number().int().min(0).max(6)
const hour = z.number().int().min(0).max(23)

const jobSchema = z.strictObject({
  instanceId: z.number().int().positive(),
  /** Path of the request, for example `/api/v0/instances/reboot/312/`. */
  endpoint: z.string().startsWith('/api/'),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  body: z.record(z.string(), z.unknown()),
  /** Epoch milliseconds. */
  startMs: z.number().positive(),
  /** Epoch milliseconds. */
  endMs: z.number().positive(),
  /** How often; days count from Sunday (0), hours are UTC. */
  every: z.discriminatedUnion('frequency', [
    z.strictObject({ frequency: z.literal('HOURLY') }),
    z.strictObject({ frequency: z.literal('DAILY'), hour }),
    z.strictObject({ frequency: z.literal('WEEKLY'), day, hour }),
  ]),
})

/** A request that Vast.ai shall make at set times. */
export type ScheduledJobSpec = z.input<typeof jobSchema>

/** Requests that Vast.ai makes for the account at set times. */
export class ScheduledJobs {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async list(options?: RequestOptions): Promise<readonly ScheduledJob[]> {
    return this.#transport.call(endpoints.listScheduledJobs, scheduledJobsSchema, {}, options)
  }

  /** Adds a job. @throws {VastAiInvalidArgumentsError} when there is one for this instance and endpoint: update that. */
  async create(job: ScheduledJobSpec, options?: RequestOptions): Promise<void> {
    await this.#transport.call(endpoints.createScheduledJob, acknowledgementSchema, { body: jobBody(job) }, options)
  }

  async update(scheduledJobId: number, job: ScheduledJobSpec, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(scheduledJobId, 'scheduledJobId')], body: jobBody(job) }
    await this.#transport.call(endpoints.updateScheduledJob, acknowledgementSchema, outgoing, options)
  }

  async delete(scheduledJobId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(scheduledJobId, 'scheduledJobId')], removes: true }
    await this.#transport.call(endpoints.deleteScheduledJob, acknowledgementSchema, outgoing, options)
  }
}

function jobBody(input: ScheduledJobSpec): Record<string, unknown> {
  const job = checkInput(jobSchema, input, 'the scheduled job')
  return {
    start_time: job.startMs / 1000,
    end_time: job.endMs / 1000,
    api_endpoint: job.endpoint,
    request_method: job.method,
    request_body: job.body,
    day_of_the_week: job.every.frequency === 'WEEKLY' ? job.every.day : null,
    hour_of_the_day: job.every.frequency === 'HOURLY' ? null : job.every.hour,
    frequency: job.every.frequency,
    instance_id: job.instanceId,
  }
}
