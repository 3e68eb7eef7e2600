import { findGpuModel, spelling, unknownGpu } from '../gpu/gpu-model.ts'
import { gpuModels } from '../gpu/gpu-models.ts'
import { gpuNamesSchema } from '../wire/gpu-metrics.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Names of GPU models, with those that are newer than this package. */
export class GpuNames {
  readonly #transport: Transport
  #live: Promise<readonly string[]> | undefined

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Names as Vast.ai has them now, with spaces. Needs no key, and sends none. */
  async list(options?: RequestOptions): Promise<readonly string[]> {
    return (await this.#transport.call(endpoints.gpuNames, gpuNamesSchema, {}, options)).gpu_names
  }

  /**
   * The wire name of a GPU in any spelling. A model that this package does not know is looked for in Vast.ai's own list, once per client.
   *
   * @throws {InvalidInputError} `UNKNOWN_GPU`, with the nearest names.
   * @example
   * await client.gpuNames.resolve('rtx4090') // 'RTX 4090'
   */
  async resolve(name: string, options?: RequestOptions): Promise<string> {
    const known = findGpuModel(name)
    if (known !== undefined) return known.displayName
    const live = await this.#liveNames(options)
    const wanted = spelling(name)
    const found = live.find(each => spelling(each) === wanted)
    if (found !== undefined) return found
    throw unknownGpu(name, [...new Set([...gpuModels.map(({ displayName }) => displayName), ...live])])
  }

  async #liveNames(options: RequestOptions | undefined): Promise<readonly string[]> {
    this.#live ??= this.list(options)
    try {
      return await this.#live
    } catch (error) {
      // Without the list the names of this package must do; the next unknown name asks again.
      this.#live = undefined
      if (options?.signal?.aborted) throw error
      return []
    }
  }
}
