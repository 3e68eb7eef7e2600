import type { z } from 'zod'
import type { OwnResult, StrategyContext } from './context.ts'

/** What a change comes to: the next memory, and results that are booked in the same step. */
export interface MemoryChange<T> {
  readonly next: T
  readonly results?: readonly OwnResult[]
}

/**
 * A strategy's memory that survives restarts and failed writes. Changes are written one after the other, each on top of the one before.
 *
 * A write that failed may come to life with the next one. Whoever went on from what it remembered before would then book the same results twice; so
 * after a failure what is in the store counts.
 *
 * @example
 * const memory = await Remembered.open(this.context, memorySchema, { bookedSeq: 0 })
 * await memory.change(async now => ({ next: { ...now, bookedSeq: 7 }, results }))
 */
export class Remembered<T> {
  readonly #context: StrategyContext
  readonly #schema: z.ZodType<T>
  readonly #atFirst: T
  #value: T
  /** A write has failed and may be there all the same. */
  #isUnsure = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(context: StrategyContext, schema: z.ZodType<T>, atFirst: T, value: T) {
    this.#context = context
    this.#schema = schema
    this.#atFirst = atFirst
    this.#value = value
  }

  /**
   * @param atFirst What is remembered where nothing was saved yet.
   * @throws AutomationError `STATE_UNREADABLE` when what was saved does not fit the schema.
   */
  static async open<T>(context: StrategyContext, schema: z.ZodType<T>, atFirst: T): Promise<Remembered<T>> {
    return new Remembered(context, schema, atFirst, (await context.state.load(schema)) ?? atFirst)
  }

  get value(): T {
    return this.#value
  }

  /**
   * Durable when the promise resolves; on failure nothing is remembered until the store has said what is there.
   *
   * @param step From what is remembered when its turn comes; `undefined`: nothing changes.
   */
  change(step: (now: T) => MemoryChange<T> | undefined | Promise<MemoryChange<T> | undefined>): Promise<void> {
    const turn = this.#turn.then(() => this.#write(step))
    this.#turn = turn.catch(() => {})
    return turn
  }

  async #write(step: Parameters<Remembered<T>['change']>[0]): Promise<void> {
    if (this.#isUnsure) {
      // Only a write shows what a failed one has left behind.
      await this.#context.recordAll([])
      this.#value = (await this.#context.state.load(this.#schema)) ?? this.#atFirst
      this.#isUnsure = false
    }
    const change = await step(this.#value)
    if (change === undefined) return
    const { next, results } = change
    try {
      await (results === undefined ? this.#context.state.save(next) : this.#context.recordAll(results, next))
    } catch (error) {
      this.#isUnsure = true
      throw error
    }
    this.#value = next
  }
}
