import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** How a process ended. */
export interface Ending {
  /** `SIGKILL` and the like, or the exit code. */
  readonly by: string | number
  readonly lines: readonly string[]
  readonly errors: string
}

/** A program as a process of its own. */
export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ending>
  /** Resolves with the first line, or with `undefined` when the process ended without one. */
  readonly firstLine: Promise<string | undefined>
}

/**
 * Starts a TypeScript program on the sources. Its standard input closes when this process ends, however it ends.
 *
 * @param limits `lifeMsMax`: then it hangs and is killed. `fileBlocksMax`: no file may grow beyond so many blocks of 512 bytes, writes
 *   fail as on a full disk.
 */
export function startChild(
  program: URL,
  parameters: readonly string[],
  limits: { readonly lifeMsMax: number; readonly fileBlocksMax?: number | undefined },
): Child {
  const { lifeMsMax, fileBlocksMax } = limits
  const command = [process.execPath, '--conditions=@org/source', fileURLToPath(program), ...parameters]
  // Node ignores SIGXFSZ, so that the write fails instead of the process.
  const limited = ['/bin/sh', '-c', 'ulimit -f "$0" && exec "$@"', String(fileBlocksMax), ...command]
  const [file = '', ...rest] = fileBlocksMax === undefined ? command : limited
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'pipe'] })
  const watchdog = setTimeout(() => child.kill('SIGKILL'), lifeMsMax)
  const lines: string[] = []
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (errors.length < 10_000) errors += text
  })
  const reader = createInterface({ input: child.stdout })
  reader.on('line', line => lines.push(line))
  const closed = once(child, 'close')
  const ended = closed.then(() => {
    clearTimeout(watchdog)
    return { by: child.signalCode ?? child.exitCode ?? 'unknown', lines, errors }
  })
  const firstLine = Promise.race([once(reader, 'line').then(([line]) => String(line)), closed.then(() => lines[0])])
  return { process: child, ended, firstLine }
}
