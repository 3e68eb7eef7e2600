/** `hammer` in a process of its own. Arguments: file, name, callers, seconds. */
import { once } from 'node:events'
import { sqliteStore } from '@org/store-sqlite'
import { hammer } from './hammer.ts'

const [path = '', name = '', callers = '1', seconds = '1'] = process.argv.slice(2)
const store = await sqliteStore({ path })
const go = once(process, 'message')
process.send?.('ready')
await go
const result = await hammer({ store, name, callers: Number(callers), seconds: Number(seconds) })
await store.close()
process.send?.(result)
process.disconnect()
