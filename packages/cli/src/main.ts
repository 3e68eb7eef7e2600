#!/usr/bin/env node
import { once } from 'node:events'
import { hostname, userInfo } from 'node:os'
import { automate } from './automate.ts'

// `automate journal export | head`: the reader has seen enough.
process.stdout.on('error', error => {
  if ((error as { code?: string }).code === 'EPIPE') process.exit(0)
  throw error
})

const stop = new AbortController()
process.once('SIGINT', () => {
  process.once('SIGINT', () => process.exit(130))
  process.stderr.write('\nends after what is under way; Ctrl-C again ends at once\n')
  stop.abort()
})

process.exitCode = await automate(process.argv.slice(2), {
  env: process.env,
  who: `${process.env['USER'] || userInfo().username}@${hostname()}`,
  async out(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  err: text => void process.stderr.write(text),
  signal: stop.signal,
})
