import { AsyncLocalStorage } from 'node:async_hooks'
import { Socket } from 'node:net'

const inside = new AsyncLocalStorage<true>()

/** Does not begin with a path of the venue's own: what libraries and Node do inside is theirs. */
const foreign = /[\\/]node_modules[\\/](?!@org[\\/]core[\\/])|\bnode:|^\s*at (?:new )?(?:native|<anonymous>)/
/** Core's real clock and chance stand for whoever calls them. */
const core = /[\\/]core[\\/](?:src|dist)[\\/]/

const clockAndChance = [
  { owner: globalThis, name: 'setTimeout' },
  { owner: globalThis, name: 'setInterval' },
  { owner: Date, name: 'now' },
  { owner: Math, name: 'random' },
  { owner: performance, name: 'now' },
] as const

/**
 * Runs `work`, and names the lines that called a global clock, timer or chance from within it: the caller's own line, looked at through
 * core. Calls of libraries are not counted.
 */
export function clockUseWithin(work: () => Promise<unknown>): Promise<readonly string[]> {
  return traced(clockAndChance, work, stack => {
    const caller = stack.find(line => !core.test(line))
    return caller !== undefined && !foreign.test(caller) ? caller.trim() : undefined
  })
}

/** Runs `work`, and names the lines that called the global `fetch` from within it, be it through a library. */
export function fetchUseWithin(work: () => Promise<unknown>): Promise<readonly string[]> {
  return traced([{ owner: globalThis, name: 'fetch' }], work, stack => stack[0]?.trim() ?? 'somewhere')
}

/** Runs `work`, and names the lines that opened a connection from within it, be it through a library. */
export function connectionsWithin(work: () => Promise<unknown>): Promise<readonly string[]> {
  return traced([{ owner: Socket.prototype, name: 'connect' }], work, stack => {
    return (stack.find(line => !/\bnode:/.test(line)) ?? 'somewhere').trim()
  })
}

async function traced(
  targets: readonly { readonly owner: object; readonly name: string }[],
  work: () => Promise<unknown>,
  judge: (stack: readonly string[]) => string | undefined,
): Promise<readonly string[]> {
  const found = new Set<string>()
  const undo: (() => void)[] = []
  for (const { owner, name } of targets) {
    const original = Object.getOwnPropertyDescriptor(owner, name)
    const call = Reflect.get(owner, name) as (...args: unknown[]) => unknown
    const replacement = function (this: unknown, ...args: unknown[]) {
      if (inside.getStore()) {
        const line = judge((new Error().stack ?? '').split('\n').slice(2))
        if (line !== undefined) found.add(`${name} ${line}`)
      }
      return Reflect.apply(call, this ?? owner, args)
    }
    Object.defineProperty(owner, name, { configurable: true, writable: true, value: Object.assign(replacement, call) })
    undo.push(() => {
      // One of the prototype is uncovered again.
      if (original === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, original)
    })
  }
  try {
    await inside.run(true, work)
  } finally {
    for (const restore of undo) restore()
  }
  return [...found]
}
