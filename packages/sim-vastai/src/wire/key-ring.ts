import { createHash } from 'node:crypto'
import type { AccountBook } from './account-book.ts'
import type { ApiKey, Caller } from './caller.ts'
import type { Permission } from './permission.ts'

/** All API keys of a simulation. Keys are made from the seed, so that a run repeats itself byte for byte. */
export class KeyRing {
  readonly #seed: number
  readonly #callers = new Map<string, Caller>()
  #made = 0

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Makes a key of 64 hex digits. */
  create(
    book: AccountBook,
    spec: {
      readonly name: string
      readonly nowS: number
      readonly scopes?: ReadonlySet<Permission> | undefined
      readonly sentPermissions?: unknown
    },
  ): ApiKey {
    const id = ++this.#made
    const key = createHash('sha256').update(`sim-vastai api key ${this.#seed} ${id}`).digest('hex')
    const apiKey: ApiKey = {
      id,
      name: spec.name,
      key,
      scopes: spec.scopes,
      sentPermissions: spec.sentPermissions ?? {},
      createdS: spec.nowS,
    }
    this.#callers.set(key, { account: book.account, apiKey, book })
    return apiKey
  }

  find(key: string): Caller | undefined {
    return this.#callers.get(key)
  }

  /** A key by its number, as long as it has not been deleted. */
  numbered(id: number): ApiKey | undefined {
    for (const { apiKey } of this.#callers.values()) if (apiKey.id === id) return apiKey
    return undefined
  }

  /** Keys of one account, oldest first. */
  of(book: AccountBook): readonly ApiKey[] {
    return [...this.#callers.values()].filter(caller => caller.book === book).map(caller => caller.apiKey)
  }

  delete(apiKey: ApiKey): void {
    this.#callers.delete(apiKey.key)
  }
}
