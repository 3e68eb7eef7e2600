import type { PythonClient, Ran } from './python-client.ts'
import { run } from './python-client.ts'
import type { StandaloneSimulator } from './standalone-simulator.ts'

/** One thing that the official client does, and what must be true afterwards. */
export interface Step {
  readonly title: string
  readonly as?: 'host' | 'renter'
  readonly args: readonly (string | number)[]
  readonly stdin?: string
  /** Throws when the output, or the simulator's state, is not as it must be. */
  readonly check: (ran: Ran) => void | Promise<void>
  /** Lines of the output that the transcript keeps. @default 12 */
  readonly show?: number
}

const ADVANCE_MS = 60_000
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g')

/** Runs steps against one simulator, counts them, writes down what was typed and what came back. */
export class Session {
  readonly client: PythonClient
  readonly simulator: StandaloneSimulator
  readonly #lines: string[] = []
  passed = 0
  failed = 0

  constructor(client: PythonClient, simulator: StandaloneSimulator) {
    this.client = client
    this.simulator = simulator
  }

  get transcript(): string {
    return this.#lines.join('\n')
  }

  heading(text: string): void {
    this.#lines.push('', `### ${text}`, '')
  }

  /** Types a command of the official CLI. A minute of the market's time passes after it. */
  async cli(step: Step): Promise<Ran> {
    const key = step.as === 'host' ? this.simulator.hostKey : this.simulator.renterKey
    const args = step.args.map(String)
    const ran = await this.#run(this.client.vastai, args, key, step.stdin)
    const typed = `vastai ${args.map(quoted).join(' ')}`
    await this.#judge(step.title, typed, ran, () => step.check(ran), step.show ?? 12, step.as ?? 'renter')
    return ran
  }

  /** Runs a Python program against the SDK. */
  async python(step: Omit<Step, 'args'> & { readonly program: string }): Promise<Ran> {
    const key = step.as === 'host' ? this.simulator.hostKey : this.simulator.renterKey
    const ran = await this.#run(this.client.python, ['-c', step.program, key], key, step.stdin)
    await this.#judge(step.title, 'python (SDK)', ran, () => step.check(ran), step.show ?? 12, step.as ?? 'renter')
    return ran
  }

  /** Something to check that is no command. */
  async expect(title: string, check: () => void | Promise<void>): Promise<void> {
    await this.#judge(title, undefined, { code: 0, stdout: '', stderr: '' }, check, 0, 'renter')
  }

  async advance(ms: number): Promise<void> {
    await this.simulator.control('POST', 'advance', { ms })
  }

  async #run(program: string, args: readonly string[], key: string, stdin: string | undefined): Promise<Ran> {
    const { PATH = '' } = process.env
    const ran = await run(program, args, {
      env: {
        PATH,
        HOME: this.client.home,
        VAST_URL: this.simulator.url,
        VAST_API_KEY: key,
        TERM: 'dumb',
        NO_COLOR: '1',
        COLUMNS: '200',
        PYTHONIOENCODING: 'utf-8',
        TZ: 'UTC',
      },
      ...(stdin === undefined ? {} : { stdin }),
    })
    return { code: ran.code, stdout: ran.stdout.replaceAll(colours, ''), stderr: ran.stderr.replaceAll(colours, '') }
  }

  async #judge(
    title: string,
    typed: string | undefined,
    ran: Ran,
    check: () => void | Promise<void>,
    show: number,
    as: 'host' | 'renter',
  ): Promise<void> {
    let verdict = 'ok'
    try {
      await check()
      this.passed++
    } catch (error) {
      this.failed++
      verdict = `FAILED: ${error instanceof Error ? error.message : String(error)}`
    }
    console.log(`${verdict === 'ok' ? 'ok    ' : 'FAILED'} vastai ${this.client.version}: ${title}`)
    if (verdict !== 'ok') console.log(`       ${verdict}\n${indent(`${ran.stdout}${ran.stderr}`)}`)
    this.#lines.push(`**${title}** — ${verdict}`, '')
    if (typed !== undefined) {
      const output = this.#scrubbed(`${ran.stdout}${ran.stderr}`).trimEnd().split('\n')
      const shown = output.slice(0, show).map(line => line.trimEnd().slice(0, 160))
      const more = output.length > show ? [`… ${output.length - show} more lines`] : []
      this.#lines.push('```console', `${as}$ ${this.#scrubbed(typed)}`, ...shown, ...more, '```', '')
      await this.advance(ADVANCE_MS)
    }
  }

  /** No keys, and nothing that differs from run to run: folders, the port, ages. */
  #scrubbed(text: string): string {
    return (
      text
        .replaceAll(this.simulator.hostKey, '<host key>')
        .replaceAll(this.simulator.renterKey, '<renter key>')
        .replaceAll(this.client.home, '<home>')
        .replaceAll(this.client.environment, '<client>')
        .replaceAll(this.simulator.url, 'http://127.0.0.1:<port>')
        .replaceAll(/\b[0-9a-f]{64}\b/g, '<key>')
        // The client tells ages by its own clock.
        .replaceAll(/\b\d+d \d+h\b/g, age => '<age>'.padEnd(age.length))
    )
  }
}

function quoted(argument: string): string {
  return /^[\w./:@=+-]+$/.test(argument) ? argument : `'${argument}'`
}

function indent(text: string): string {
  return text
    .split('\n')
    .slice(-12)
    .map(line => `       | ${line}`)
    .join('\n')
}
