import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Json } from '@org/core'

/** What strategies remember, one JSON value under each key. */
export class StrategyStateTable {
  readonly #save: StatementSync
  readonly #load: StatementSync

  constructor(db: DatabaseSync) {
    this.#save = db.prepare('INSERT OR REPLACE INTO strategy_state (key, value) VALUES (?, ?)')
    this.#load = db.prepare('SELECT value FROM strategy_state WHERE key = ?')
  }

  save(key: string, text: string): void {
    this.#save.run(key, text)
  }

  load(key: string): Json | undefined {
    const row = this.#load.get(key)
    return row === undefined ? undefined : (JSON.parse(String(row['value'])) as Json)
  }
}
