import { readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { writeNotes } from '../test/notes.ts'
import { temporaryFiles } from '../test/temporary-files.ts'
import { sqliteStore } from './sqlite-store.ts'
import { sqliteStoreFiles } from './store-files.ts'

const files = temporaryFiles()

it('names every file that a store leaves, open or closed: without them another begins anew', async () => {
  const path = files.newPath()
  const left = () => readdirSync(dirname(path)).map(name => join(dirname(path), name))
  const store = files.closeLater(await sqliteStore({ path }))
  await writeNotes(store, 3)
  expect(sqliteStoreFiles(path)).toEqual(expect.arrayContaining(left()))
  await store.close()
  expect(left().length).toBeGreaterThan(1)
  for (const file of sqliteStoreFiles(path)) rmSync(file, { force: true })
  expect(left()).toEqual([])
  const anew = files.closeLater(await sqliteStore({ path }))
  expect(anew.read().lastAtMs).toBe(0)
})
