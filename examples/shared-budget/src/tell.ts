import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DefaultRiskManager, memoryStore, VirtualClock } from '@org/core'
import type { Bot } from './bot.ts'
import { engageElsewhere } from './bot-elsewhere.ts'
import { engage, limits, type Role } from './cast.ts'
import { tellDay } from './chapters.ts'
import { type Addresses, openStage } from './stage.ts'

/** A figure of the story. */
export interface Note {
  readonly what: string
  readonly is: string
}

export interface TellOptions {
  readonly print: (line: string) => void
  /** Midnight in Berlin at which the day begins: 23:00 UTC in winter, 22:00 in summer. @default that of 13 January 2026 */
  readonly midnightMs?: number
}

/** All three bots on one risk manager, over a store in memory. */
export async function tellInOneProcess(options: TellOptions): Promise<readonly Note[]> {
  const store = memoryStore()
  return tell(options, clock => {
    const risk = new DefaultRiskManager(limits, { clock, store })
    return (role, addresses) => engage(role, { risk, addresses })
  })
}

/** Each bot in a process of its own, with a clock, clients and a risk manager of its own: what they share is one SQLite file. */
export async function tellInThreeProcesses(options: TellOptions): Promise<readonly Note[]> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-budget-'))
  const storePath = join(folder, 'budget.db')
  try {
    using processes = new DisposableStack()
    return await tell(
      options,
      clock => async (role, addresses) => processes.use(await engageElsewhere(role, { clock, addresses, storePath })),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const hourMs = 3_600_000
const dayDefault = Date.UTC(2026, 0, 12, 23)

async function tell(
  { print, midnightMs = dayDefault }: TellOptions,
  casting: (clock: VirtualClock) => (role: Role, addresses: Addresses) => Promise<Bot>,
): Promise<readonly Note[]> {
  const clock = new VirtualClock({ startMs: midnightMs + 4 * hourMs })
  const wake = casting(clock)
  await using stage = await openStage(clock)
  const notes: Note[] = []
  let now = ''
  const line = (text: string) => print(`${now.padStart(10)}  ${text}`)
  await clock.run(() =>
    tellDay({
      stage,
      at(time) {
        const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
        clock.jumpTo(midnightMs + ((hours * 60 + minutes) * 60 + seconds) * 1_000)
        now = time
        return clock.now()
      },
      wake: role => wake(role, stage.addresses),
      heading: text => print(`\n${text}`),
      say: text => line(`(${text})`),
      note(what, is) {
        notes.push({ what, is })
        // A refusal is a sentence of its own.
        line(is.length < 60 ? `${what.padEnd(84)}  ${is}` : `${what}: ${is}`)
      },
    }),
  )
  return notes
}
