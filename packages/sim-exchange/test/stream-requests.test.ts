import { describe, expect, it } from 'vitest'
import { onExchange, type StoryTools } from './exchange-story.ts'

type Message = Readonly<Record<string, unknown>>

/** A WebSocket with what it has received. */
async function open({ simulator }: StoryTools, path: string) {
  const socket = new WebSocket(`${simulator.wsUrl}${path}`)
  const received: Message[] = []
  const waiting: { readonly wants: (message: Message) => boolean; readonly resolve: (message: Message) => void }[] = []
  socket.addEventListener('message', message => {
    const value = JSON.parse(String(message.data)) as Message
    received.push(value)
    for (const each of waiting.splice(0)) each.wants(value) ? each.resolve(value) : waiting.push(each)
  })
  const closed = new Promise<void>(resolve => socket.addEventListener('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('refused')))
  })
  return {
    closed,
    send: (text: string) => socket.send(text),
    /** The first message, received already or to come, that fits. */
    next: (wants: (message: Message) => boolean) =>
      new Promise<Message>(resolve => {
        const found = received.find(wants)
        if (found === undefined) waiting.push({ wants, resolve })
        else resolve(found)
      }),
  }
}

const inIt = (story: (tools: StoryTools) => Promise<void>) => onExchange(story)

describe('a stream', () => {
  it('may stand in the address, and is wrapped when streams are combined', async () => {
    await inIt(async tools => {
      const plain = await open(tools, '/ws/btcusdt@bookTicker')
      expect(await plain.next(message => 's' in message)).toMatchObject({ s: 'BTCUSDT', b: expect.any(String) })
      const combined = await open(tools, '/stream?streams=btcusdt@depth5/ethusdt@miniTicker')
      const book = await combined.next(message => message['stream'] === 'btcusdt@depth5')
      expect((book['data'] as { bids: unknown[] }).bids).toHaveLength(5)
      const ticker = await combined.next(message => message['stream'] === 'ethusdt@miniTicker')
      expect(ticker['data']).toMatchObject({ e: '24hrMiniTicker', s: 'ETHUSDT' })
    })
  })

  it('tells a candle once more when it has closed', async () => {
    await inIt(async tools => {
      const { next } = await open(tools, '/ws/btcusdt@kline_1m')
      const first = (await next(message => message['e'] === 'kline'))['k'] as { t: number; x: boolean }
      expect(first.x).toBe(false)
      tools.clock.jumpTo(tools.clock.now() + 60_000)
      tools.simulator.advance()
      const closed = await next(message => (message['k'] as { x: boolean } | undefined)?.x === true)
      expect(closed['k']).toMatchObject({ t: first.t, T: first.t + 59_999 })
    })
  })

  it('is listed and let go', async () => {
    await inIt(async tools => {
      const { send, next } = await open(tools, '/ws')
      send(JSON.stringify({ id: 1, method: 'SUBSCRIBE', params: ['btcusdt@trade', 'ethusdt@depth@100ms'] }))
      send(JSON.stringify({ id: 2, method: 'UNSUBSCRIBE', params: ['btcusdt@trade'] }))
      send(JSON.stringify({ id: 3, method: 'LIST_SUBSCRIPTIONS' }))
      expect(await next(message => message['id'] === 3)).toEqual({ id: 3, result: ['ethusdt@depth@100ms'] })
    })
  })

  it.each([
    ['nonsense', 'Invalid JSON'],
    ['{"id":1,"method":"SUBSCRIBE","params":["btcusdt@nothing"]}', 'invalid stream'],
    ['{"id":1,"method":"SUBSCRIBE","params":["btcusdt@kline_7m"]}', 'invalid stream'],
    ['{"id":1,"method":"EXPLODE"}', 'unknown method EXPLODE'],
    [JSON.stringify({ id: 1, method: 'SUBSCRIBE', params: Array(1_025).fill('btcusdt@trade') }), 'too many streams'],
  ])('refuses %.70s', async (text, message) => {
    await inIt(async tools => {
      const { send, next } = await open(tools, '/ws')
      send(text)
      const refused = await next(each => 'error' in each)
      expect((refused['error'] as { msg: string }).msg).toContain(message)
    })
  })

  it('breaks when it is told to, and when too much is said at once', async () => {
    await inIt(async tools => {
      const one = await open(tools, '/ws/btcusdt@trade')
      tools.simulator.disconnectStreams()
      await one.closed
      const two = await open(tools, '/ws')
      two.send('x'.repeat(200_000))
      await two.closed
    })
  })

  it('is not had at another address', async () => {
    await inIt(async tools => {
      await expect(open(tools, '/elsewhere')).rejects.toThrow('refused')
    })
  })
})
