import { never, type SimProcess } from '../process/sim-process.ts'

/** One writer at a time, in the order of asking. A dead holder loses it, a paused one keeps it. */
export interface Lock {
  /** @returns Whether the lock was had before `waitMsMax` was over. */
  acquire(process: SimProcess, waitMsMax: number): Promise<boolean>
  release(process: SimProcess): void
}

interface Waiter {
  readonly process: SimProcess
  readonly grant: (isHeld: boolean) => void
  isOver: boolean
}

export class FileLock implements Lock {
  #holder: SimProcess | undefined
  readonly #waiters: Waiter[] = []

  acquire(process: SimProcess, waitMsMax: number): Promise<boolean> {
    if (process.isDead) return never()
    if (this.#holder === undefined) {
      this.#holder = process
      return Promise.resolve(true)
    }
    const held = new Promise<boolean>(resolve => {
      const waiter: Waiter = { process, grant: resolve, isOver: false }
      this.#waiters.push(waiter)
      void process.world.clock.sleep(waitMsMax).then(() => {
        if (waiter.isOver) return
        waiter.isOver = true
        resolve(false)
      })
    })
    return process.deliver(held)
  }

  release(process: SimProcess): void {
    if (this.#holder !== process) return
    this.#holder = undefined
    for (let next = this.#waiters.shift(); next !== undefined; next = this.#waiters.shift()) {
      if (next.isOver || next.process.isDead) continue
      next.isOver = true
      this.#holder = next.process
      next.grant(true)
      return
    }
  }
}
