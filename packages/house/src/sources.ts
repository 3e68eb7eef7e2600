/** The files of this repository as the house tests read them: what is written here, not what is installed, built or measured. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../../..')

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage'])

export interface Source {
  /** Relative to the root, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Files below `folder` (relative to the root) whose names end with one of `endings`. */
export function sources(folder: string, ...endings: readonly string[]): Source[] {
  const found: Source[] = []
  const walk = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) walk(path)
      } else if (endings.some(ending => entry.name.endsWith(ending)))
        found.push({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })
    }
  }
  walk(join(root, folder))
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** TypeScript of packages and examples. */
export function typescript(): Source[] {
  return ['packages', 'examples'].flatMap(folder => sources(folder, '.ts'))
}

/** The code without comments; texts stay, since a name in a text counts as well. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1')
}

/** What a file imports, statically or by `import()`, types included. */
export function importsOf(text: string): string[] {
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)'([^'\n]+)'/g
  return [...withoutComments(text).matchAll(pattern)].map(match => match[1] as string)
}

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly sideEffects?: boolean
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
  readonly exports?: { readonly [subpath: string]: { readonly [condition: string]: string } | string }
  readonly scripts?: { readonly [name: string]: string }
  readonly dependencies?: { readonly [name: string]: string }
  readonly peerDependencies?: { readonly [name: string]: string }
  readonly devDependencies?: { readonly [name: string]: string }
}

/** A workspace: its folder relative to the root, and its manifest. */
export interface Workspace {
  readonly folder: string
  readonly manifest: Manifest
}

export function workspaces(): Workspace[] {
  return ['packages', 'examples'].flatMap(parent =>
    readdirSync(join(root, parent)).map(name => {
      const folder = `${parent}/${name}`
      return { folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest }
    }),
  )
}
