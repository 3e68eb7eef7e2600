/**
 * Proves what is published, not the workspace links: packs every public package, installs the tarballs into an empty folder, type-checks a
 * small program against them (`nodenext` and `bundler`) and runs it under every Node version that is supported.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const nodeVersions = ['22', '24', '26']

const root = resolve(import.meta.dirname, '../../..')
const consumer = mkdtempSync(join(tmpdir(), 'tarballs-'))
let passed = 0
let failed = 0

try {
  const tarballs = packPublicPackages()
  for (const [name, tarball] of Object.entries(tarballs))
    check(`${name} is packed whole, without tests`, () => checkContents(tarball.replace('file:', '')))
  writeConsumer(tarballs)
  run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'])
  for (const resolution of ['nodenext', 'bundler'])
    check(`types resolve under ${resolution}`, () => run('npx', ['tsc', '-p', `tsconfig.${resolution}.json`]))
  for (const version of nodeVersions)
    check(`the built packages run under Node ${version}`, () => {
      const output = run('npx', ['--yes', '-p', `node@${version}`, 'node', 'program.js'])
      if (!output.includes(`node ${version}.`) || !output.includes('ok, free today 200'))
        throw new Error(`unexpected output: ${output}`)
    })
} finally {
  rmSync(consumer, { recursive: true, force: true })
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function check(name: string, work: () => void): void {
  try {
    work()
    passed++
    console.log(`ok      ${name}`)
  } catch (error) {
    failed++
    console.log(`FAILED  ${name}\n${error instanceof Error ? error.message : String(error)}`)
  }
}

function packPublicPackages(): Record<string, string> {
  const dependencies: Record<string, string> = {}
  for (const folder of readdirSync(join(root, 'packages'))) {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      name: string
      private?: boolean
    }
    if (manifest.private === true) continue
    const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', consumer], {
      cwd: join(root, 'packages', folder),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const file = /[\w-]+-\d+\.\d+\.\d+[\w.-]*\.tgz/.exec(printed)?.[0]
    if (file === undefined) throw new Error(`npm pack of ${manifest.name} named no file`)
    dependencies[manifest.name] = `file:${join(consumer, file)}`
  }
  return dependencies
}

function checkContents(tarball: string): void {
  const files = run('tar', ['-tzf', tarball]).trim().split('\n')
  for (const wanted of ['README.md', 'LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts'])
    if (!files.includes(`package/${wanted}`)) throw new Error(`${wanted} is not in it`)
  const tests = files.filter(file => /\.test\.|\.test-d\.|\.bench\.|\/test\//.test(file))
  if (tests.length > 0) throw new Error(`it holds ${tests.join(', ')}`)
}

function writeConsumer(tarballs: Record<string, string>): void {
  const rootManifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const write = (name: string, content: unknown) =>
    writeFileSync(join(consumer, name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  mkdirSync(consumer, { recursive: true })
  write('package.json', {
    name: 'consumer',
    private: true,
    type: 'module',
    dependencies: tarballs,
    devDependencies: {
      typescript: rootManifest.devDependencies['typescript'],
      '@types/node': rootManifest.devDependencies['@types/node'],
    },
  })
  const program = readFileSync(join(import.meta.dirname, 'consumer-program.txt'), 'utf8')
  write('program.ts', program)
  // The program uses no TypeScript syntax, so that the same text also proves the path of JavaScript users.
  write('program.js', program)
  for (const resolution of ['nodenext', 'bundler'])
    write(`tsconfig.${resolution}.json`, {
      compilerOptions: {
        module: resolution === 'bundler' ? 'esnext' : resolution,
        moduleResolution: resolution,
        target: 'es2023',
        lib: ['es2024', 'esnext.disposable'],
        types: ['node'],
        strict: true,
        noEmit: true,
        skipLibCheck: false,
      },
      files: ['program.ts'],
    })
}

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(command, args, {
      cwd: consumer,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: cleanEnvironment(),
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`)
  }
}

/** Without what npm sets for a script of this repository: its binary folder would put our own Node first. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  for (const name of Object.keys(environment))
    if (name.startsWith('npm_') || name === 'INIT_CWD') delete environment[name]
  environment['PATH'] = (process.env['PATH'] ?? '')
    .split(':')
    .filter(folder => !folder.includes('node_modules/.bin') && !folder.includes('node-gyp-bin'))
    .join(':')
  return environment
}
