import { type Clock, type Random, seededRandom } from '@org/core'
import type { Account } from '../market/account.ts'
import type { GpuModel } from '../market/gpu-model.ts'
import type { World } from '../market/world.ts'
import { AccountBook } from './account-book.ts'
import { InstanceBook } from './instance-book.ts'
import { IssuedAsks } from './issued-asks.ts'
import { KeyRing } from './key-ring.ts'
import type { RequestLog } from './request-log.ts'
import { ResultShelf } from './result-shelf.ts'
import { Notifier } from './webhooks/notifier.ts'

/** Everything that endpoints share: the world, and what accounts keep beside it. */
export class Simulation {
  readonly world: World
  readonly clock: Clock
  readonly seed: number
  readonly log: RequestLog
  readonly keys: KeyRing
  readonly instances = new InstanceBook()
  readonly asks = new IssuedAsks()
  readonly results: ResultShelf
  readonly notifier: Notifier
  /** Where clients reach this server, without trailing slash. */
  url = ''
  readonly #books = new Map<number, AccountBook>()
  readonly #lastId = new Map<string, number>()
  #momentMs = Number.NaN
  #withinMoment = 0
  readonly #modelByName = new Map<string, GpuModel>()
  readonly #modelByDisplayName = new Map<string, GpuModel>()

  constructor(options: {
    readonly world: World
    readonly clock: Clock
    readonly seed: number
    readonly log: RequestLog
  }) {
    this.world = options.world
    this.clock = options.clock
    this.seed = options.seed
    this.log = options.log
    this.keys = new KeyRing(options.seed)
    this.results = new ResultShelf(options.seed)
    this.notifier = new Notifier(this)
    for (const model of options.world.catalogue) {
      this.#modelByName.set(model.model, model)
      this.#modelByDisplayName.set(model.displayName, model)
    }
  }

  /** Lets everything happen up to `nowMs`. A clock that steps back is ignored: the past has happened. */
  advance(nowMs = this.clock.now()): void {
    if (nowMs > this.world.nowMs) this.world.advanceTo(nowMs)
    this.notifier.observe()
  }

  /** Opens the book of an account that came into the world. */
  addBook(account: Account): AccountBook {
    const book = new AccountBook(account)
    this.#books.set(account.id, book)
    return book
  }

  book(accountId: number): AccountBook | undefined {
    return this.#books.get(accountId)
  }

  get books(): Iterable<AccountBook> {
    return this.#books.values()
  }

  /** Ids that nothing else of this kind has. */
  nextId(kind: string, first = 1): number {
    const id = (this.#lastId.get(kind) ?? first - 1) + 1
    this.#lastId.set(kind, id)
    return id
  }

  /** Facts of a model by its underscore name. */
  model(name: string): GpuModel | undefined {
    return this.#modelByName.get(name)
  }

  /** Facts of a model by the name that travels; underscores count as spaces. */
  modelNamed(wireName: string): GpuModel | undefined {
    return this.#modelByDisplayName.get(wireName.replaceAll('_', ' '))
  }

  /**
   * Chance for the next request: the same for the same seed, moment and place within the moment. It does not depend on how many requests
   * came before, so that a market that was brought back answers as if it had never been away.
   */
  nextRandom(): Random {
    const { nowMs } = this.world
    this.#withinMoment = nowMs === this.#momentMs ? this.#withinMoment + 1 : 0
    this.#momentMs = nowMs
    const moment = Math.imul(nowMs / 2 ** 32, 0x27d4eb2f) ^ Math.imul(nowMs | 0, 0x165667b1)
    return seededRandom(
      Math.imul(this.seed ^ 0x9e3779b9, 0x85ebca6b) ^ moment ^ Math.imul(this.#withinMoment, 0xc2b2ae35),
    )
  }
}
