import { benchmarkLanguage } from '../search/language.ts'
import { type FieldFilter, wireFilter } from '../search/offer-filter.ts'
import type { benchmarkFields } from '../search/other-fields.ts'
import { parseQuery } from '../search/parse-query.ts'
import { type Benchmark, benchmarksSchema } from '../wire/benchmark.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Demands on the benchmark search. */
export type BenchmarkFilter = FieldFilter<typeof benchmarkFields>

/** Measured performance of machines. */
export class Benchmarks {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Searches with a typed filter or the text language. */
  async search(wanted: BenchmarkFilter | string = {}, options?: RequestOptions): Promise<readonly Benchmark[]> {
    const filters =
      typeof wanted === 'string' ? parseQuery(wanted, benchmarkLanguage) : wireFilter(wanted, benchmarkLanguage, false)
    const query = { select_cols: ['*'], select_filters: filters }
    return this.#transport.call(endpoints.benchmarks, benchmarksSchema, { query }, options)
  }
}
