import { findGpuModel } from '../gpu/gpu-model.ts'
import {
  type GpuHistory,
  type GpuLocation,
  type GpuMetrics,
  gpuHistoryAnswerSchema,
  gpuLocationsAnswerSchema,
  gpuMetricsAnswerSchema,
} from '../wire/gpu-metrics.ts'
import { invalidInput } from './check-input.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { VastAiPermissionError } from './errors.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Which part of the market. */
export interface MarketPart {
  /** True: verified machines alone; false: the others. @default all */
  readonly verified?: boolean | undefined
  /** @default all */
  readonly hosting?: 'datacenter' | 'community' | undefined
  /** Machines with about this many GPUs. @default all */
  readonly machineGpus?: 1 | 2 | 4 | 8 | undefined
}

/** Which stretch of which models' history. */
export interface HistorySearch extends MarketPart {
  /** GPU models in any spelling; `['all']` is allowed. */
  readonly models: readonly string[]
  /** Epoch milliseconds. @default a day before `toMs` */
  readonly fromMs?: number | undefined
  /** Epoch milliseconds. @default now */
  readonly toMs?: number | undefined
  /** Milliseconds between points. */
  readonly stepMs?: number | undefined
}

/** Vast.ai's own figures of the whole market; for hosts with a machine only. */
export class Metrics {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Supply, demand and prices of every model now. */
  async gpuCurrent(part: MarketPart = {}, options?: RequestOptions): Promise<readonly GpuMetrics[]> {
    const query = partQuery(part)
    const answer = await this.#transport.call(endpoints.gpuMetrics, gpuMetricsAnswerSchema, { query }, options)
    refuseWithoutMachine(endpoints.gpuMetrics, answer)
    return answer.gpus
  }

  /** The same over time, by wire name of the model. */
  async gpuHistory(search: HistorySearch, options?: RequestOptions): Promise<Readonly<Record<string, GpuHistory>>> {
    if (search.models.length === 0) throw invalidInput('expected at least one GPU model')
    const names = search.models.map(name => findGpuModel(name)?.displayName ?? name.replaceAll('_', ' '))
    const query = {
      gpu_name: names.join(','),
      ...partQuery(search),
      start: seconds(search.fromMs, 'fromMs'),
      end: seconds(search.toMs, 'toMs'),
      step: seconds(search.stepMs, 'stepMs'),
    }
    const answer = await this.#transport.call(endpoints.gpuHistory, gpuHistoryAnswerSchema, { query }, options)
    refuseWithoutMachine(endpoints.gpuHistory, answer)
    return answer.gpus
  }

  /** Where GPUs stand. */
  async gpuLocations(options?: RequestOptions): Promise<readonly GpuLocation[]> {
    const answer = await this.#transport.call(endpoints.gpuLocations, gpuLocationsAnswerSchema, {}, options)
    refuseWithoutMachine(endpoints.gpuLocations, answer)
    return answer.locations
  }
}

function partQuery(part: MarketPart): Record<string, string> {
  return {
    verified: part.verified === undefined ? 'all' : part.verified ? 'yes' : 'no',
    hosting_type: part.hosting === undefined ? 'all' : part.hosting === 'datacenter' ? 'secure_cloud' : 'community',
    num_gpus: part.machineGpus === undefined ? 'all' : String(part.machineGpus),
  }
}

function seconds(ms: number | undefined, name: string): string | undefined {
  if (ms === undefined) return undefined
  if (ms > 0 && Number.isFinite(ms)) return String(Math.floor(ms / 1000))
  throw invalidInput(`expected ${name} in milliseconds above 0, was ${ms}`)
}

/** Without a machine the answer is empty, which reads like an empty market. */
function refuseWithoutMachine(target: Endpoint, answer: { readonly needs_machine?: boolean | null | undefined }): void {
  if (answer.needs_machine !== true) return
  throw new VastAiPermissionError({
    endpoint: target.name,
    message: `${target.name}: market metrics are shown to hosts with a machine; use the key of a host`,
  })
}
