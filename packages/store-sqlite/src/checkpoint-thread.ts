import { Worker } from 'node:worker_threads'

/** Text rather than a file, so that bundling the package cannot lose it. */
const program = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const db = new DatabaseSync(workerData)
  db.exec('PRAGMA busy_timeout = 0; PRAGMA checkpoint_fullfsync = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -500')
  parentPort.on('message', () => {
    try {
      db.exec('PRAGMA wal_checkpoint(PASSIVE)')
    } catch {}
    parentPort.postMessage('done')
  })
`

/**
 * Copies the log into the database on a thread of its own: SQLite lets writers go on meanwhile, and callers do not wait for it. Started
 * with the first copy; it keeps no process alive.
 */
export class CheckpointThread {
  readonly #path: string
  #worker: Worker | undefined
  #state: 'idle' | 'copying' | 'copied' | 'broken' = 'idle'

  constructor(path: string) {
    this.#path = path
  }

  /** `copied`: at the end of a copy, until the next {@link start}; `broken`: there are no threads here. */
  get state(): 'idle' | 'copying' | 'copied' | 'broken' {
    return this.#state
  }

  start(): void {
    if (this.#state === 'copying' || this.#state === 'broken') return
    this.#state = 'copying'
    try {
      this.#worker ??= this.#newWorker()
      this.#worker.postMessage('copy')
    } catch {
      this.#state = 'broken'
    }
  }

  /** To be called when what was written during the copy has been dealt with. */
  rest(): void {
    if (this.#state === 'copied') this.#state = 'idle'
  }

  /** Its connection is closed when this resolves. */
  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #newWorker(): Worker {
    const worker = new Worker(program, {
      eval: true,
      workerData: this.#path,
      execArgv: ['--no-warnings'],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
    })
    worker.unref()
    worker.on('message', () => {
      this.#state = 'copied'
    })
    worker.on('error', () => {
      this.#state = 'broken'
    })
    return worker
  }
}
