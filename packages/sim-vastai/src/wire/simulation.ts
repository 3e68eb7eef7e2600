import { createHash } from 'node:crypto'
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
  readonly #askedInMoment = new Map<string, number>()
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
   * Chance for a request: the same for the same seed, moment, request, and number of equal requests before it in that moment. Nothing else
   * counts, so that a market that was brought back answers as if it had never been away, whoever asked it what.
   */
  nextRandom(request: string): Random {
    const { nowMs } = this.world
    if (nowMs !== this.#momentMs) this.#askedInMoment.clear()
    this.#momentMs = nowMs
    const nth = this.#askedInMoment.get(request) ?? 0
    this.#askedInMoment.set(request, nth + 1)
    return seededRandom(createHash('sha256').update(`${this.seed} ${nowMs} ${nth} ${request}`).digest().readInt32LE())
  }
}
