import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What a program printed. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const TIMEOUT_MS = 120_000
const INSTALL_TIMEOUT_MS = 300_000

/** An official client in a virtual environment of its own. */
export interface PythonClient {
  readonly version: string
  /** The virtual environment's folder. */
  readonly environment: string
  readonly python: string
  readonly vastai: string
  /** A private HOME: the client caches and keeps keys there. */
  readonly home: string
}

/** Why this machine cannot install a Python package; undefined when it can. */
export async function whyNoPython(): Promise<string | undefined> {
  const tries = async (...args: readonly string[]) => (await run('python3', args, { env: ownEnvironment() })).code === 0
  if (!(await tries('--version'))) return 'python3 is not installed'
  if (!(await tries('-m', 'venv', '--help'))) return 'python3 has no module venv'
  if ((await tries('-m', 'pip', '--version')) || (await tries('-c', 'import ensurepip'))) return undefined
  return 'python3 has no pip'
}

/**
 * Installs a version of the package `vastai` below `folder`, in a virtual environment; nothing else on the machine changes.
 *
 * @throws {Error} when Python or the package cannot be had.
 */
export async function installClient(folder: string, version: string): Promise<PythonClient> {
  const environment = join(folder, `vastai-${version}`)
  const home = join(folder, `home-${version}`)
  await mkdir(home, { recursive: true })
  const python = join(environment, 'bin', 'python')
  const wanted = version === 'newest' ? 'vastai' : `vastai==${version}`
  const install = ['install', '--quiet', '--disable-pip-version-check', wanted]
  // Some systems ship pip without ensurepip: then the machine's pip installs into the environment.
  if ((await run('python3', ['-c', 'import ensurepip'], { env: ownEnvironment() })).code === 0) {
    await mustRun('python3', ['-m', 'venv', environment])
    await mustRun(python, ['-m', 'pip', ...install])
  } else {
    await mustRun('python3', ['-m', 'venv', '--without-pip', environment])
    await mustRun('python3', ['-m', 'pip', '--python', python, ...install])
  }
  const { stdout } = await mustRun(python, ['-c', 'import importlib.metadata as m; print(m.version("vastai"))'])
  return { version: stdout.trim(), environment, python, vastai: join(environment, 'bin', 'vastai'), home }
}

/** Runs a program to its end. Never rejects for an exit code. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string>>; readonly stdin?: string; readonly timeoutMs?: number },
): Promise<Ran> {
  return new Promise(resolve => {
    const child = execFile(
      program,
      args,
      { env: options.env, timeout: options.timeoutMs ?? TIMEOUT_MS, maxBuffer: 64_000_000 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, stdout, stderr: error !== null && child.pid === undefined ? error.message : stderr })
      },
    )
    child.stdin?.end(options.stdin ?? '')
  })
}

async function mustRun(program: string, args: readonly string[]): Promise<Ran> {
  const ran = await run(program, args, { env: ownEnvironment(), timeoutMs: INSTALL_TIMEOUT_MS })
  if (ran.code !== 0) throw new Error(`${program} ${args.join(' ')}: ${ran.stderr.trim() || ran.stdout.trim()}`)
  return ran
}

/** With the machine's own settings of pip and proxies: installing needs them, the session must not have them. */
function ownEnvironment(): Readonly<Record<string, string>> {
  const { VAST_API_KEY: _key, VAST_URL: _url, ...environment } = process.env
  return environment as Readonly<Record<string, string>>
}
