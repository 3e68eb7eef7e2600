import type { CcxtSocket } from './ccxt-exchange.ts'

const guarded = new WeakSet<CcxtSocket>()

/**
 * ccxt leaves promises of its sockets to nobody: what the next message will settle, and the message that subscribes. Broken before the socket was
 * open, one of them would end the process as a rejection that nobody handles. Here they fail like any other broken stream.
 */
export function guardSocket(socket: CcxtSocket): CcxtSocket {
  if (guarded.has(socket)) return socket
  guarded.add(socket)
  const future = socket.future.bind(socket)
  socket.future = messageHash => {
    const made = future(messageHash)
    made.catch(() => {})
    return made
  }
  const send = socket.send.bind(socket)
  socket.send = message => {
    const sent = send(message)
    // Else the stream would wait for ever for what it has never asked for.
    sent.catch((error: unknown) => socket.onError(error))
    return sent
  }
  return socket
}
