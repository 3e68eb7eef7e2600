import type { Store } from '@org/core'
import { storeConformance } from '@org/testkit'
import { sqliteStore } from '../src/index.ts'
import { temporaryFiles } from './temporary-files.ts'

const files = temporaryFiles()
const paths = new WeakMap<Store, string>()

async function open(path: string): Promise<Store> {
  const store = files.closeLater(await sqliteStore({ path }))
  paths.set(store, path)
  return store
}

storeConformance({
  name: 'sqlite',
  create: () => open(files.newPath()),
  reopen: store => open(paths.get(store) as string),
})
