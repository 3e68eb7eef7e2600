import type { AccountAnswer, AccountOperationInput } from '../src/index.ts'

type Operation = AccountOperationInput & { readonly id: string }
type Known = { readonly kind: string; readonly of: string | undefined; readonly amount: number; readonly whole: number }
type Hold = {
  readonly amount: number
  readonly endMs: number
  fate: 'open' | 'already_committed' | 'already_released' | 'expired'
}

/** The rules of accounts in the most obvious way: one budget, whole numbers, a copy of everything before each group. */
export class AccountModel {
  nowMs = 0
  committed = 0
  reserved = 0
  #known = new Map<string, Known>()
  #burnt = new Set<string>()
  #holds = new Map<string, Hold>()
  readonly limit: number

  constructor(limit: number) {
    this.limit = limit
  }

  /** What is over goes back. */
  expire(): void {
    for (const hold of this.#holds.values())
      if (hold.fate === 'open' && this.nowMs >= hold.endMs) {
        hold.fate = 'expired'
        this.reserved -= hold.amount
      }
  }

  group(operations: readonly Operation[]): readonly AccountAnswer[] {
    this.expire()
    const before = structuredClone({
      committed: this.committed,
      reserved: this.reserved,
      known: this.#known,
      holds: this.#holds,
    })
    const answers: AccountAnswer[] = []
    for (const operation of operations) {
      const answer = this.#operate(operation)
      answers.push(answer)
      if (answer.code === 'ok' || answer.code === 'exists') continue
      this.committed = before.committed
      this.reserved = before.reserved
      this.#known = before.known
      this.#holds = before.holds
      if (answer.code === 'not_found' || answer.code === 'exceeds_limit') this.#burnt.add(operation.id)
      return operations.map((_, i) => (i === answers.length - 1 ? answer : { code: 'group_failed' }))
    }
    return answers
  }

  #operate(operation: Operation): AccountAnswer {
    const { id, op } = operation
    if (this.#burnt.has(id)) return { code: 'id_already_failed' }
    const of = 'of' in operation ? operation.of : undefined
    const known = this.#known.get(id)
    if (known !== undefined) {
      if (known.kind !== op) return { code: 'exists_with_different_kind' }
      if (known.of !== of) return { code: 'exists_with_different_target' }
      const asked = wholeOr(operation.amount, known.whole)
      const isCut = 'upTo' in operation && operation.upTo === true
      const isSame = isCut ? asked >= known.amount : asked === known.amount
      return isSame ? { code: 'exists', recorded: known.amount } : { code: 'exists_with_different_amount' }
    }
    return of === undefined ? this.#take(operation) : this.#resolve(operation, of)
  }

  #take(operation: Operation): AccountAnswer {
    const free = Math.max(0, this.limit - this.reserved - this.committed)
    const asked = Number(operation.amount)
    const isCut = 'upTo' in operation && operation.upTo === true
    const amount = isCut ? Math.min(asked, free) : asked
    if (amount > free) return { code: 'exceeds_limit' }
    if (operation.op === 'spend') this.committed += amount
    else {
      const ttlMs = 'ttl' in operation ? Number(operation.ttl ?? 0) : 0
      this.reserved += amount
      const endMs = ttlMs === 0 ? Number.POSITIVE_INFINITY : this.nowMs + ttlMs
      this.#holds.set(operation.id, { amount, endMs, fate: 'open' })
    }
    return this.#done(operation, undefined, amount, amount)
  }

  #resolve(operation: Operation, of: string): AccountAnswer {
    if (!this.#known.has(of)) return { code: 'not_found' }
    const hold = this.#holds.get(of)
    if (hold === undefined) return { code: 'not_a_reservation' }
    const amount = wholeOr(operation.amount, hold.amount)
    if (amount > hold.amount) return { code: 'exceeds_reserved_amount' }
    if (operation.op === 'release' && amount !== hold.amount) return { code: 'different_amount' }
    if (hold.fate !== 'open') return { code: hold.fate }
    hold.fate = operation.op === 'commit' ? 'already_committed' : 'already_released'
    this.reserved -= hold.amount
    if (operation.op === 'commit') this.committed += amount
    return this.#done(operation, of, amount, hold.amount)
  }

  #done({ id, op }: Operation, of: string | undefined, amount: number, whole: number): AccountAnswer {
    this.#known.set(id, { kind: op, of, amount, whole })
    return { code: 'ok', recorded: amount }
  }
}

function wholeOr(amount: unknown, whole: number): number {
  return amount === 'all' || amount === undefined ? whole : Number(amount)
}
