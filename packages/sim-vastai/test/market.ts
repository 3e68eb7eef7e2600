import { request } from 'node:http'
import { VirtualClock } from '@org/core'
import { vi } from 'vitest'
import {
  type MachineSpec,
  startVastAiSimulator,
  type VastAiSimulator,
  type VastAiSimulatorOptions,
} from '../src/index.ts'

// Each test makes a market of its own, which takes a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

/** A row as it travels. */
export type Row = Readonly<Record<string, unknown>>

/** What came back over the socket. */
export interface Reply {
  readonly status: number
  readonly contentType: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** What to send besides method and path. */
export interface Sent {
  /** `'host'`, `'renter'` or a key; absent: nobody signs. @default 'renter' */
  readonly as?: 'host' | 'renter' | 'nobody' | { readonly key: string }
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A market on virtual time, and a bare HTTP client that sends exactly what it is told. */
export interface Market {
  readonly clock: VirtualClock
  readonly simulator: VastAiSimulator
  /** Sends one request. Rejects when the connection breaks. `path` without `/api/v0` gets it. */
  send(method: string, path: string, sent?: Sent): Promise<Reply>
  /** Sends, expects 200 and returns the JSON. */
  ask(method: string, path: string, sent?: Sent): Promise<Row>
  /** Offers of a search. */
  offers(query?: Row, sent?: Sent): Promise<readonly Row[]>
  /** The host's machine of this index. */
  machine(index?: number): Promise<Row>
  /** Lists a machine; what is absent falls back to Vast.ai's defaults. */
  list(machineId: unknown, terms: Row): Promise<Row>
  /** Rents an offer, returns the instance's id. */
  rent(offerId: unknown, body?: Row, sent?: Sent): Promise<number>
  advance(ms: number): void
}

export const START_MS = Date.UTC(2026, 5, 1)
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** A host's machine that never fails and that no renter of the market takes: only the test's own requests change it. */
export function quietMachine(gpuCount: number, id?: number): Omit<MachineSpec, 'hostId'> {
  return { model: 'RTX_4090', gpuCount, failuresPer30Days: 0, quality: -5, ...(id === undefined ? {} : { id }) }
}

/** Runs `work` in a market of one model, with two quiet machines of 1 and 8 GPUs; nobody is throttled unless `rateLimits` is set. */
export async function inMarket<T>(
  work: (market: Market) => Promise<T>,
  options: Partial<VastAiSimulatorOptions> = {},
): Promise<T> {
  const clock = new VirtualClock({ startMs: START_MS })
  await using simulator = await startVastAiSimulator({
    clock,
    seed: 7,
    models: ['RTX_4090'],
    rateLimits: false,
    machines: [quietMachine(1), quietMachine(8)],
    ...options,
  })
  return await work(marketOf(clock, simulator))
}

function marketOf(clock: VirtualClock, simulator: VastAiSimulator): Market {
  const send = (method: string, path: string, sent: Sent = {}) =>
    sendRaw(simulator.url, method, path, sent, keyOf(simulator, sent))
  const ask = async (method: string, path: string, sent?: Sent) => {
    const reply = await send(method, path, sent)
    if (reply.status !== 200) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
    return JSON.parse(reply.text) as Row
  }
  return {
    clock,
    simulator,
    send,
    ask,
    offers: async (query = {}, sent) => rows((await ask('POST', '/bundles/', { ...sent, body: query }))['offers']),
    machine: async (index = 0) =>
      rows((await ask('GET', '/machines', { as: 'host', query: { owner: 'me' } }))['machines'])[index] as Row,
    list: (machineId, terms) =>
      ask('PUT', '/machines/create_asks/', { as: 'host', body: { machine: machineId, min_chunk: 1, ...terms } }),
    rent: async (offerId, body = {}, sent) =>
      Number(
        (await ask('PUT', `/asks/${offerId}/`, { ...sent, body: { client_id: 'me', image: 'ubuntu', ...body } }))[
          'new_contract'
        ],
      ),
    advance(ms) {
      clock.jumpTo(clock.now() + ms)
      simulator.advance()
    },
  }
}

function keyOf(simulator: VastAiSimulator, { as = 'renter' }: Sent): string | undefined {
  if (typeof as === 'object') return as.key
  return as === 'nobody' ? undefined : as === 'host' ? simulator.hostKey : simulator.renterKey
}

function sendRaw(url: string, method: string, path: string, sent: Sent, key: string | undefined): Promise<Reply> {
  const search = sent.query === undefined ? '' : `?${new URLSearchParams(sent.query)}`
  const text =
    sent.body === undefined ? undefined : typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body)
  const target = new URL(`${/^\/(api\/v\d|results|__sim__)/.test(path) ? '' : '/api/v0'}${path}${search}`, url)
  return new Promise((resolve, reject) => {
    const outgoing = request(
      target,
      {
        method,
        agent: false,
        headers: {
          ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
          ...(text === undefined
            ? {}
            : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
        },
      },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'],
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(text)
  })
}

/** A list of rows, or an error. */
export function rows(value: unknown): readonly Row[] {
  if (!Array.isArray(value)) throw new Error(`expected a list, was ${JSON.stringify(value)}`)
  return value as readonly Row[]
}

/** The JSON of an answer. */
export function parsed(reply: Reply): Row {
  return JSON.parse(reply.text) as Row
}
