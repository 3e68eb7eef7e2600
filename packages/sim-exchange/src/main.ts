import { parseArgs } from 'node:util'
import { AutomationError, type Clock, describeError, InvalidInputError, systemClock, VirtualClock } from '@org/core'
import { scaledClock } from './scaled-clock.ts'
import { startExchangeSimulator } from './server.ts'

const usage = `Serves a simulated spot exchange on 127.0.0.1 and prints {"url","wsUrl","apiKey","secret"} as one JSON line.

  --port N            default 0, a free one
  --seed N            default 1; decides orders, sizes and keys
  --path-seed N       default 1; exchanges with one path seed share their fair prices
  --offset-bps N      added to the fair price, in hundredths of a per cent of it; default 0
  --speed N           how many times faster than real time, default 1; at 0 time stands still until POST /__sim__/advance
  --symbols A/B,C/D   default BTC/USDT,ETH/USDT
  --no-rate-limits    do not throttle callers
`

const TICK_MS = 100
const prices: Readonly<Record<string, number>> = { BTC: 60_000, ETH: 3_000, SOL: 150, BNB: 600, XRP: 2 }

try {
  await serve(process.argv.slice(2))
} catch (error) {
  console.error(AutomationError.isInstance(error) ? error.shortMessage : describeError(error))
  process.exitCode = 1
}

async function serve(args: readonly string[]): Promise<void> {
  const { values } = readArguments(args)
  if (values.help === true) {
    console.log(usage)
    return
  }
  const speed = readNumber('speed', values.speed, 1, 0, 1_000_000)
  const clock: Clock = speed === 0 ? new VirtualClock() : scaledClock(speed)
  const simulator = await startExchangeSimulator({
    clock,
    seed: readNumber('seed', values.seed, 1, -(2 ** 31), 2 ** 32 - 1),
    pathSeed: readNumber('path-seed', values['path-seed'], 1, -(2 ** 31), 2 ** 32 - 1),
    offsetBps: readNumber('offset-bps', values['offset-bps'], 0, -5_000, 5_000),
    port: readNumber('port', values.port, 0, 0, 65_535),
    ...(values.symbols === undefined ? {} : { symbols: readSymbols(values.symbols) }),
    ...(values['no-rate-limits'] === true ? { rateLimits: false } : {}),
  })
  const { url, wsUrl, apiKey, secret } = simulator
  console.log(JSON.stringify({ url, wsUrl, apiKey, secret }))
  const stopped = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.abort())
  // Time passes also while nobody asks: streams hear of it.
  while (!stopped.signal.aborted) {
    await systemClock.sleep(TICK_MS, { signal: stopped.signal }).catch(() => undefined)
    simulator.advance()
  }
  await simulator.close()
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        'path-seed': { type: 'string' },
        'offset-bps': { type: 'string' },
        speed: { type: 'string' },
        symbols: { type: 'string' },
        'no-rate-limits': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    const [what] = describeError(error).split('\n')
    throw new InvalidInputError({ message: `${what} --help lists the options.` })
  }
}

function readSymbols(text: string) {
  return text.split(',').map(name => {
    const [base, quote, ...more] = name.trim().split('/')
    if (!/^[A-Z0-9]{1,10}$/.test(base ?? '') || !/^[A-Z0-9]{1,10}$/.test(quote ?? '') || more.length > 0)
      throw new InvalidInputError({ message: `--symbols: expected names such as BTC/USDT,ETH/USDT, was '${text}'` })
    return { base: base as string, quote: quote as string, price: prices[base as string] ?? 100, stepSize: '0.0001' }
  })
}

function readNumber(name: string, text: string | undefined, absent: number, min: number, max: number): number {
  if (text === undefined) return absent
  const number = Number(text)
  if (text.trim() === '' || !Number.isInteger(number) || number < min || number > max)
    throw new InvalidInputError({ message: `--${name}: expected a whole number from ${min} to ${max}, was ${text}` })
  return number
}
