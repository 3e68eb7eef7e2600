import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { temporaryFiles } from '../test/temporary-files.ts'
import { migrate } from './schema.ts'

const files = temporaryFiles()

it('takes no store for a foreign file that another process makes between two looks at it', () => {
  const path = files.newPath()
  const [ours, others] = [new DatabaseSync(path), new DatabaseSync(path)]
  ours.exec('PRAGMA journal_mode = WAL')
  let statements = 0
  const slow = new Proxy(ours, {
    get(db, name) {
      if (name === 'prepare' && ++statements === 3) migrate(others, path)
      const value: unknown = Reflect.get(db, name, db)
      return typeof value === 'function' ? value.bind(db) : value
    },
  })
  expect(() => migrate(slow, path)).not.toThrow()
  expect(ours.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
  ours.close()
  others.close()
})
