import type { Clock } from '@org/core'
import type { World } from '../world.ts'

/** What may befall a process at one of the points where it waits for the outside. */
export type Blow = 'none' | 'crash' | 'power-cut' | 'pause'

/**
 * A process of a world: code that only ever waits for simulated things, and hears of them through {@link SimProcess.deliver}. So it can be
 * stopped for a while, or for good, at every point where it waits: a dead process simply never hears anything again.
 */
export class SimProcess {
  readonly name: string
  readonly slot: number
  readonly world: World
  readonly clock: Clock
  #isDead = false
  #isPaused = false
  #held: (() => void)[] = []

  constructor(world: World, slot: number, name: string) {
    this.world = world
    this.slot = slot
    this.name = name
    this.clock = {
      now: () => world.clock.now() + world.clockErrorMs(slot),
      sleep: (ms, options) => this.deliver(world.clock.sleep(ms, options)),
      track: work => work,
    }
  }

  get isDead(): boolean {
    return this.#isDead
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  /** Its continuation runs when the process runs: later for a paused one, never for a dead one. */
  deliver<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        value => this.#hand(() => resolve(value)),
        error => this.#hand(() => reject(error)),
      )
    })
  }

  /**
   * A step of the world in this process, where the fault plan may strike.
   *
   * @param weight How much more likely than elsewhere.
   */
  async point(label: string, weight = 1): Promise<void> {
    const { world } = this
    if (this.#isDead) return never()
    world.step(`${this.name} ${label}`)
    const blow = world.faults.blow(weight)
    if (blow === 'none') return
    if (blow === 'pause') {
      const pauseMs = world.faults.pauseMs()
      world.step(`${this.name} pauses for ${pauseMs} ms`)
      this.#isPaused = true
      void world.clock.sleep(pauseMs).then(() => this.wake())
      world.onPause(this, pauseMs)
      return this.deliver(Promise.resolve())
    }
    if (blow === 'crash') this.kill()
    else world.powerCut()
    return never()
  }

  kill(): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#held = []
    this.world.step(`${this.name} dies`)
    this.world.bury(this)
  }

  wake(): void {
    if (this.#isDead || !this.#isPaused) return
    this.#isPaused = false
    this.world.step(`${this.name} wakes`)
    for (const hand of this.#held.splice(0)) this.#hand(hand)
  }

  #hand(hand: () => void): void {
    if (this.#isDead) return
    if (this.#isPaused) this.#held.push(hand)
    else hand()
  }
}

export function never(): Promise<never> {
  return new Promise(() => {})
}
