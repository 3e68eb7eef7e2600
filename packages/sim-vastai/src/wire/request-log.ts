import { BoundedList } from './bounded-list.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'

/** A request as it arrived, without its key. */
export interface LoggedRequest {
  readonly number: number
  readonly atMs: number
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Json
  readonly status: number
  /** Undefined when nobody signed it. */
  readonly accountId: number | undefined
  readonly isChanging: boolean
}

/** The same create twice within {@link DUPLICATE_WINDOW_MS}: what a client that retries blindly causes. */
export interface DuplicateCreate {
  readonly firstNumber: number
  readonly number: number
  readonly atMs: number
  readonly path: string
  readonly body: JsonObject
  /** Instances that the repetition rented. */
  readonly instanceIds: readonly number[]
}

export const DUPLICATE_WINDOW_MS = 120_000
const DUPLICATES_MAX = 1_000
const IGNORED_FIELDS_MAX = 1_000

interface Create {
  readonly number: number
  readonly atMs: number
}

/** What clients asked, bounded: the last requests, all counts, and creates that came twice. */
export class RequestLog {
  readonly #requests: BoundedList<LoggedRequest>
  readonly #creates = new Map<string, Create>()
  readonly #duplicates = new BoundedList<DuplicateCreate>(DUPLICATES_MAX)
  readonly #countByEndpoint = new Map<string, number>()
  readonly #ignoredFields = new Set<string>()
  #count = 0
  #changingCount = 0

  constructor(lengthMax: number) {
    this.#requests = new BoundedList(lengthMax)
  }

  /** All requests since the start. */
  get count(): number {
    return this.#count
  }

  /** Requests that could change something, whether or not they did. */
  get changingCount(): number {
    return this.#changingCount
  }

  /** The last requests, oldest first. */
  get requests(): readonly LoggedRequest[] {
    return [...this.#requests]
  }

  get duplicateCreates(): readonly DuplicateCreate[] {
    return [...this.#duplicates]
  }

  /** How often each endpoint was called, for example `{ 'POST /bundles': 12 }`. */
  get countByEndpoint(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#countByEndpoint].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Fields of search queries that this service does not know and that therefore filtered nothing: misspelt ones. */
  get ignoredFields(): readonly string[] {
    return [...this.#ignoredFields]
  }

  noteIgnoredFields(names: readonly string[]): void {
    for (const name of names) if (this.#ignoredFields.size < IGNORED_FIELDS_MAX) this.#ignoredFields.add(name)
  }

  add(request: LoggedRequest, endpoint: string): void {
    this.#count++
    if (request.isChanging) this.#changingCount++
    this.#countByEndpoint.set(endpoint, (this.#countByEndpoint.get(endpoint) ?? 0) + 1)
    this.#requests.add(request)
  }

  /** Notes a create that took effect, and whether the same account sent the same one moments ago. */
  addCreate(create: {
    readonly number: number
    readonly atMs: number
    readonly accountId: number
    readonly path: string
    readonly body: JsonObject
    readonly instanceIds: readonly number[]
  }): void {
    for (const [key, earlier] of this.#creates)
      if (create.atMs - earlier.atMs > DUPLICATE_WINDOW_MS) this.#creates.delete(key)
    const key = `${create.accountId} ${create.path} ${JSON.stringify(create.body)}`
    const first = this.#creates.get(key)
    if (first === undefined) {
      this.#creates.set(key, { number: create.number, atMs: create.atMs })
      return
    }
    this.#duplicates.add({
      firstNumber: first.number,
      number: create.number,
      atMs: create.atMs,
      path: create.path,
      body: withoutSecrets(create.body),
      instanceIds: create.instanceIds,
    })
  }
}

const secretFields = new Set(['api_key', 'password', 'image_login', 'docker_login_pass', 'webhook_secret', 'secret'])

/** A copy in which fields that hold secrets read `[secret]`. */
export function withoutSecrets(body: JsonObject): JsonObject {
  const copy: Record<string, Json> = {}
  for (const [key, value] of Object.entries(body)) {
    const isSecret = value !== null && (secretFields.has(key) || (key === 'value' && 'key' in body))
    copy[key] = isSecret ? '[secret]' : isJsonObject(value) ? withoutSecrets(value) : value
  }
  return copy
}
