import { createHash } from 'node:crypto'
import type { Trader } from '../matching/trader.ts'

/** A key and what it may do. */
export interface ApiKey {
  readonly apiKey: string
  readonly secret: string
  readonly permission: 'read' | 'trade'
  readonly trader: Trader
}

/** All keys of the exchange. The same seed and account give the same key. */
export class KeyRing {
  readonly #keys = new Map<string, ApiKey>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  create(trader: Trader, permission: 'read' | 'trade'): ApiKey {
    const name = `${this.#seed} ${trader.name} ${permission} ${this.#keys.size}`
    const key = { apiKey: digest(`key ${name}`), secret: digest(`secret ${name}`), permission, trader }
    this.#keys.set(key.apiKey, key)
    return key
  }

  find(apiKey: string): ApiKey | undefined {
    return this.#keys.get(apiKey)
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
