import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived. */
export interface Recorded {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** `null`: none. */
  readonly body: unknown
  readonly authorization: string | undefined
}

export interface Recorder extends AsyncDisposable {
  readonly url: string
  /** Requests since the last call, oldest first. */
  take(): readonly Recorded[]
}

const answers: readonly (readonly [RegExp, unknown])[] = [
  [/^(POST|PUT) .*\/(bundles|search\/asks|volumes\/search)/, { offers: [] }],
  [/^PUT .*\/(asks\/\d+|launch_instance)/, { success: true, new_contract: 8300001 }],
  [/^GET \/api\/v1\/instances/, { success: true, instances: [], next_token: null }],
  [/^GET .*\/instances\/filters/, { filters: [] }],
  [
    /^GET .*\/instances\/pending-price-increases/,
    {
      success: true,
      pending_price_increases: [
        { pending_price_increase_id: 31, contract_id: 8200001 },
        { pending_price_increase_id: 32, contract_id: 8200002 },
      ],
    },
  ],
  [/^GET .*\/instances\/balance/, { success: true }],
  [/^GET .*\/instances\/\d+/, { instances: { id: 8200001 } }],
  [/^PUT .*\/instances\/prepay/, { success: true, timescale: 1, discount_rate: 0.2 }],
  [/^GET .*\/machines\/maintenances/, []],
  [/^GET .*\/machines\/\d+\/reports/, []],
  [/^GET .*\/machines\/\d+/, [{ id: 55001, num_gpus: 1, gpu_name: 'RTX 4090', listed: false }]],
  [/^GET .*\/machines/, { machines: [] }],
  [/^GET .*\/gpu_names/, { gpu_names: ['RTX 4090'] }],
  [/^GET .*\/benchmarks/, []],
  [/^GET .*\/template/, { templates: [] }],
  [/^(POST|PUT) .*\/template/, { success: true, template: { id: 1 } }],
  [/^GET .*\/users\/current/, { id: 7 }],
  [/^GET .*\/users\/me\/invoices/, { invoices: [] }],
  [/^GET .*\/users\/me\/ipaddrs/, { results: [] }],
  [
    /^GET .*\/machine-earnings/,
    {
      summary: { total_gpu: 0, total_stor: 0, total_bwu: 0, total_bwd: 0 },
      per_machine: [],
      per_day: [],
    },
  ],
  [/^GET .*\/(charges|v1\/invoices)/, { success: true, results: [] }],
  [/^GET .*\/subaccounts/, { users: [] }],
  [/^GET .*\/audit_logs/, []],
  [/^GET .*\/auth\/apikeys\/\d+/, { id: 1 }],
  [/^GET .*\/auth\/apikeys/, { apikeys: [] }],
  [/^POST .*\/auth\/apikeys/, { id: 1, key: 'new' }],
  [/^GET .*\/ssh/, []],
  [/^POST .*\/api\/v0\/ssh/, { success: true, key: { id: 1 } }],
  [/^GET .*\/secrets/, { secrets: {} }],
  [/^GET .*\/volumes/, { volumes: [] }],
  [/^GET .*\/schedule_job/, []],
  [/^GET .*\/metrics\/gpu\/current/, { success: true, gpus: [] }],
  [/^GET .*\/metrics\/gpu\/history/, { success: true, gpus: {} }],
  [/^GET .*\/metrics\/gpu\/locations/, { success: true, locations: [] }],
]

/** A server on 127.0.0.1 that writes down what it is asked and answers well-formed emptiness. */
export async function startRecorder(): Promise<Recorder> {
  let recorded: Recorded[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://recorder')
      const method = request.method ?? ''
      const text = Buffer.concat(chunks).toString()
      response.setHeader('content-type', 'application/json')
      // Where the output of commands is read from; the official client does so too, but that is no call of the API.
      if (url.pathname === '/result') return void response.end('"done"')
      recorded.push({
        method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        body: text === '' ? null : JSON.parse(text),
        authorization: request.headers.authorization,
      })
      const known = answers.find(([pattern]) => pattern.test(`${method} ${url.pathname}`))
      const address = server.address() as AddressInfo
      const fallback = { success: true, result_url: `http://127.0.0.1:${address.port}/result` }
      response.end(JSON.stringify(known === undefined ? fallback : known[1]))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = recorded
      recorded = []
      return taken
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
