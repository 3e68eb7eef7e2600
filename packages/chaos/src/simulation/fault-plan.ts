import { type Random, seededRandom } from '@org/core'
import type { Blow } from './process/sim-process.ts'
import type { Tally } from './tally.ts'

/** How likely each fault is at each point where it can happen. */
export interface FaultRates {
  readonly crash: number
  readonly powerCut: number
  readonly pause: number
  /** Share of pauses that outlast every intent, beside those that happen to; only for bugs that need it. */
  readonly longPause: number
  readonly diskFull: number
  readonly syncFails: number
  readonly refused: number
  readonly lostRequest: number
  readonly lostAnswer: number
  readonly slow: number
  readonly duplicate: number
  readonly lookUpFails: number
  /** Jumps of a process's clock, per minute. */
  readonly clockJump: number
  /** Acts of the operator (halt, resume, other limits), per minute. */
  readonly operator: number
}

/** What becomes of one request on its way. */
export interface Journey {
  readonly isRefused: boolean
  readonly requestMs: number | undefined
  readonly answerMs: number | undefined
  /** Milliseconds after the first when the request arrives once more. */
  readonly duplicateMs: number | undefined
}

/** Where every fault of a world comes from: drawn from its seed, until {@link FaultPlan.end}. */
export class FaultPlan {
  readonly rates: FaultRates
  readonly #random: Random
  readonly #tally: Tally
  #isOver = false

  constructor(seed: number, tally: Tally, rates: Partial<FaultRates> = {}) {
    this.#tally = tally
    this.#random = seededRandom(seed ^ 0x5eed)
    const draw = (most: number) => this.#drawRate(most)
    this.rates = {
      crash: draw(0.02),
      powerCut: draw(0.008),
      pause: draw(0.01),
      longPause: 0,
      diskFull: draw(0.01),
      syncFails: draw(0.02),
      refused: draw(0.2),
      lostRequest: draw(0.3),
      lostAnswer: draw(0.3),
      slow: draw(0.4),
      duplicate: draw(0.4),
      lookUpFails: draw(0.6),
      clockJump: draw(2),
      operator: draw(6),
      ...rates,
    }
  }

  get random(): Random {
    return this.#random
  }

  end(): void {
    this.#isOver = true
  }

  blow(weight: number): Blow {
    if (this.#isOver) return 'none'
    const { crash, powerCut, pause } = this.rates
    const drawn = this.#random.next() / weight
    if (drawn < crash) return this.#count('crashes', 'crash')
    if (drawn < crash + powerCut) return this.#count('powerCuts', 'power-cut')
    return drawn < crash + powerCut + pause ? this.#count('pauses', 'pause') : 'none'
  }

  /** A hiccup, or longer than a lock is waited for, or longer than an intent lives. */
  pauseMs(): number {
    if (this.rates.longPause > 0 && this.#random.next() < this.rates.longPause)
      return Math.round(70_000 + 30_000 * this.#random.next())
    return Math.round(10 ** (2 + 3.2 * this.#random.next()))
  }

  restartMs(): number {
    return Math.round(500 + 30_000 * this.#random.next() ** 3)
  }

  /** Which process is to be restarted in good order, if any. */
  restartSlot(slots: number): number | undefined {
    const slot = Math.floor(this.#random.next() * slots * 6)
    return this.#isOver || slot >= slots ? undefined : slot
  }

  isDiskFull(): boolean {
    return this.#happens('diskFull', 'diskFull')
  }

  isSyncFailing(): boolean {
    return this.#happens('syncFails', 'syncsFailed')
  }

  syncMs(): number {
    return 1 + Math.floor(4 * this.#random.next())
  }

  isLookUpFailing(): boolean {
    return this.#happens('lookUpFails', 'lookUpsFailed')
  }

  journey(longestMs: number): Journey {
    const isRefused = this.#happens('refused', 'refusedConnections')
    const isRequestLost = this.#happens('lostRequest', 'lostRequests')
    const isAnswerLost = this.#happens('lostAnswer', 'lostAnswers')
    const isDuplicate = this.#happens('duplicate', 'duplicates')
    const onTheWay = () =>
      Math.round(this.#happens('slow', 'slow') ? longestMs * this.#random.next() : 20 + 300 * this.#random.next())
    return {
      isRefused,
      requestMs: isRequestLost ? undefined : onTheWay(),
      answerMs: isAnswerLost ? undefined : onTheWay(),
      duplicateMs: isDuplicate ? onTheWay() : undefined,
    }
  }

  #happens(fault: keyof FaultRates, counted: keyof Tally): boolean {
    const happens = !this.#isOver && this.#random.next() < this.rates[fault]
    if (happens) this.#tally[counted]++
    return happens
  }

  #count(counted: keyof Tally, blow: Blow): Blow {
    this.#tally[counted]++
    return blow
  }

  /** A third of all worlds knows a kind of fault not at all; where it is known it may be rare or common. */
  #drawRate(most: number): number {
    const isKnown = this.#random.next() > 1 / 3
    const share = this.#random.next() ** 2
    return isKnown ? most * share : 0
  }
}
