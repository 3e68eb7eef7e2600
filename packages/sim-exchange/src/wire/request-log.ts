import { BoundedList } from '../bounded-list.ts'

/** A request as it was received, without key and signature. */
export interface LoggedRequest {
  readonly number: number
  readonly atMs: number
  readonly method: string
  readonly path: string
  readonly params: Readonly<Record<string, string>>
  /** 0 when the connection was reset. */
  readonly status: number
  /** Of the refusal; 0 without one. */
  readonly code: number
  /** Name of the account whose key was shown. */
  readonly account: string | undefined
}

/** The last requests, and counts of all. */
export class RequestLog {
  readonly #requests: BoundedList<LoggedRequest>
  readonly #counts: Record<string, number> = {}
  #count = 0

  constructor(lengthMax: number) {
    this.#requests = new BoundedList(lengthMax)
  }

  add(request: LoggedRequest): void {
    this.#count++
    this.#requests.add(request)
    const name = `${request.method} ${request.path}`
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
  }

  get count(): number {
    return this.#count
  }

  /** Oldest first. */
  get requests(): readonly LoggedRequest[] {
    return [...this.#requests]
  }

  get countByEndpoint(): Readonly<Record<string, number>> {
    return this.#counts
  }
}
