/**
 * Completes package-lock.json after `npm install` against a registry that offers the packages of some platforms only: adds an entry for
 * each optional platform package that is named and missing, so that `npm ci` accepts the file everywhere. Such entries carry no
 * integrity; a full registry fills it in at the next install.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface LockEntry {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  optionalDependencies?: Record<string, string>
}

const file = resolve(import.meta.dirname, '../../../package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockEntry> }

const osNames = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const cpuNames: readonly (readonly [pattern: RegExp, cpu: string])[] = [
  [/arm64|aarch64/, 'arm64'],
  [/ppc64/, 'ppc64'],
  [/s390x/, 's390x'],
  [/riscv64/, 'riscv64'],
  [/loong64/, 'loong64'],
  [/mips64el/, 'mips64el'],
  [/wasm32/, 'wasm32'],
  [/arm/, 'arm'],
  [/ia32|x86\b/, 'ia32'],
  [/x64|[-/]64\b/, 'x64'],
]

let added = 0
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, wanted] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`
    const hoisted = `node_modules/${name}`
    const version = wanted.replace(/^[~^]/, '')
    if (lock.packages[nested] !== undefined || lock.packages[hoisted]?.version === version) continue
    const os = osNames.find(candidate => name.replace('windows', 'win32').includes(candidate))
    const cpu = cpuNames.find(([pattern]) => pattern.test(name))?.[1]
    if (os === undefined && cpu === undefined) continue
    lock.packages[lock.packages[hoisted] === undefined ? hoisted : nested] = {
      version,
      ...(cpu === undefined ? {} : { cpu: [cpu] }),
      ...(entry.dev === undefined ? {} : { dev: entry.dev }),
      optional: true,
      ...(os === undefined ? {} : { os: [os] }),
    }
    added++
  }
}
const [root, ...others] = Object.entries(lock.packages)
lock.packages = Object.fromEntries([
  ...(root === undefined ? [] : [root]),
  ...others.sort(([a], [b]) => (a < b ? -1 : 1)),
])
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} platform packages added to package-lock.json`)
