import { parseArgs } from 'node:util'
import { AutomationError, type Clock, describeError, InvalidInputError, systemClock, VirtualClock } from '@org/core'
import { scaledClock } from './scaled-clock.ts'
import { startVastAiSimulator } from './server.ts'

const usage = `Serves a simulated Vast.ai on 127.0.0.1 and prints {"url","hostKey","renterKey"} as one JSON line.

  --port N            default 0, a free one
  --seed N            default 1
  --speed N           how many times faster than real time, default 1; at 0 time stands still until POST /__sim__/advance
  --models A,B        default: all that the market was fitted on
  --no-rate-limits    do not throttle callers
`

const TICK_MS = 1_000

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
  const speed = readNumber('speed', values.speed, 1, 0, 1e6)
  const clock: Clock = speed === 0 ? new VirtualClock() : scaledClock(speed)
  const simulator = await startVastAiSimulator({
    clock,
    seed: readNumber('seed', values.seed, 1, -(2 ** 31), 2 ** 32 - 1),
    port: readNumber('port', values.port, 0, 0, 65_535),
    rateLimits: values['no-rate-limits'] !== true,
    ...(values.models === undefined ? {} : { models: readModels(values.models) }),
  })
  console.log(JSON.stringify({ url: simulator.url, hostKey: simulator.hostKey, renterKey: simulator.renterKey }))
  const stopped = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopped.abort())
  // Time passes also while nobody asks: webhooks hear of it.
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
        speed: { type: 'string' },
        models: { type: 'string' },
        'no-rate-limits': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    const [what] = describeError(error).split('\n')
    throw new InvalidInputError({ message: `${what} --help lists the options.` })
  }
}

function readModels(text: string): readonly string[] {
  const names = text.split(',').map(name => name.trim())
  if (names.includes(''))
    throw new InvalidInputError({ message: `--models: expected names such as RTX_4090,H100_SXM, was '${text}'` })
  return names
}

function readNumber(name: string, text: string | undefined, absent: number, min: number, max: number): number {
  if (text === undefined) return absent
  const value = Number(text)
  const isWhole = name !== 'speed'
  if (text.trim() !== '' && value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value
  const kind = isWhole ? 'a whole number' : 'a number'
  throw new InvalidInputError({ message: `--${name}: expected ${kind} from ${min} to ${max}, was ${text}` })
}
