import type { WebSocket } from 'ws'

const BUFFERED_BYTES_MAX = 16_000_000

/** One WebSocket and what it has asked for. */
export class Connection {
  /** Names of market streams. */
  readonly streams = new Set<string>()
  /** Account names by subscription id. */
  readonly accounts = new Map<number, string>()
  /** Wraps events as `{ stream, data }`. */
  readonly isCombined: boolean
  readonly #socket: WebSocket

  constructor(socket: WebSocket, isCombined: boolean) {
    this.#socket = socket
    this.isCombined = isCombined
  }

  send(message: object): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    // Who does not read is let go, rather than remembered for ever.
    if (this.#socket.bufferedAmount > BUFFERED_BYTES_MAX) this.#socket.terminate()
    else this.#socket.send(JSON.stringify(message))
  }

  tell(stream: string, event: object): void {
    this.send(this.isCombined ? { stream, data: event } : event)
  }

  terminate(): void {
    this.#socket.terminate()
  }
}
