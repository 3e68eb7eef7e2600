import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The simulator's command, running by itself. */
export interface StandaloneSimulator {
  readonly url: string
  readonly hostKey: string
  readonly renterKey: string
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** Starts `main.ts` in a process of its own and reads the one line that it prints. */
export async function startStandalone(args: readonly string[]): Promise<StandaloneSimulator> {
  const child = spawn(process.execPath, ['--conditions=@org/source', main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const line = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')))
    })
    child.once('exit', code => reject(new Error(`the simulator ended with code ${code}`)))
    child.once('error', reject)
  })
  const { url, hostKey, renterKey } = JSON.parse(line) as { url: string; hostKey: string; renterKey: string }
  return {
    url,
    hostKey,
    renterKey,
    async control(method, path, body) {
      const response = await fetch(`${url}/__sim__/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return (await response.json()) as Record<string, unknown>
    },
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
