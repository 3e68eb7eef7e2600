import assert from 'node:assert/strict'
import {
  canonicalJson,
  compareWithReplay,
  DefaultRiskManager,
  defineConstraint,
  type Intent,
  type IntentId,
  memoryStore,
  type ReserveResult,
  type RiskConstraint,
  VirtualClock,
} from '@org/core'
import { startMs } from '../store/sample-facts.ts'
import type { Asked, ConstraintSubject } from './constraint-subject.ts'

/** One numbered promise of a constraint. The number keeps its meaning for ever. */
export interface ConstraintCheck {
  readonly id: string
  readonly promise: string
  /** Rejects when the promise is broken. */
  readonly run: (subject: ConstraintSubject) => Promise<void>
}

/** Counts every intent, in the second place: what it holds shows whether a refusal left something behind. */
const witness = defineConstraint({
  type: 'WITNESS',
  name: 'witness',
  measure: 'witness',
  limit: 1_000_000,
  aggregation: { kind: 'level' },
})

class World {
  readonly constraint: RiskConstraint
  readonly store = memoryStore({ journalEntriesMax: 100_000 })
  readonly clock = new VirtualClock({ startMs })
  readonly subject: ConstraintSubject
  risk: DefaultRiskManager
  #ids = 0

  constructor(subject: ConstraintSubject, enforce = true) {
    this.subject = subject
    this.constraint = subject.create({ enforce })
    this.risk = this.#manager()
  }

  ask(asked: Asked): Promise<ReserveResult> {
    return this.risk.reserve(this.#intent(asked))
  }

  async prepared(): Promise<this> {
    await this.subject.prepare?.(this.risk)
    return this
  }

  restart(): void {
    this.risk = this.#manager()
  }

  #manager(): DefaultRiskManager {
    return new DefaultRiskManager([this.constraint, witness], { store: this.store, clock: this.clock })
  }

  #intent(asked: Asked): Intent {
    return {
      domain: 'conformance',
      strategyId: 'conformance',
      venueId: 'nowhere',
      action: 'act',
      reduces: false,
      expiresAt: startMs + 3_600_000,
      ...asked,
      id: `ask-${++this.#ids}` as IntentId,
      params: {},
      effects: [...(asked.effects ?? []), { measure: 'witness', amount: 1 }],
      rationale: { reason: 'conformance', summary: 'is it let through?' },
    }
  }
}

/** Every check, in the order of the numbers. */
export const constraintChecks: readonly ConstraintCheck[] = [
  {
    id: 'CC-01',
    promise: 'is data: what the journal keeps of it is all there is',
    async run({ create }) {
      const constraint = create({ enforce: true })
      assert.equal(canonicalJson(JSON.parse(canonicalJson(constraint))), canonicalJson(constraint))
      assert.deepEqual(JSON.parse(canonicalJson(constraint)), JSON.parse(JSON.stringify(constraint)))
    },
  },
  {
    id: 'CC-02',
    promise: 'lets through what fits',
    async run(subject) {
      assert.equal((await new World(subject).ask(subject.fits)).ok, true)
    },
  },
  {
    id: 'CC-03',
    promise: 'refuses what does not fit, in one line that names it, and takes nothing from any budget',
    async run(subject) {
      const world = await new World(subject).prepared()
      const result = await world.ask(subject.exceeds)
      assert.ok(!result.ok)
      assert.equal(result.rejection.constraint, world.constraint.name)
      assert.match(result.rejection.shortMessage, new RegExp(`^[^\\n]*${world.constraint.name}[^\\n]*$`))
      assert.equal(world.risk.remaining('witness').reserved, 0)
    },
  },
  {
    id: 'CC-04',
    promise: 'in shadow mode refuses nothing and notes what it would have refused',
    async run(subject) {
      const world = await new World(subject, false).prepared()
      assert.equal((await world.ask(subject.exceeds)).ok, true)
      const noted = new Set<string>()
      for await (const { fact } of world.store.journal())
        if (fact.type === 'intent-reserved') for (const { constraint } of fact.shadowed) noted.add(constraint)
      assert.deepEqual([...noted], [world.constraint.name])
    },
  },
  {
    id: 'CC-05',
    promise: 'never stops what reduces risk, unless it is declared to',
    async run(subject) {
      const world = await new World(subject).prepared()
      const { ok } = await world.ask({ ...subject.exceeds, reduces: true })
      assert.equal(ok, !world.constraint.bindsReducing)
    },
  },
  {
    id: 'CC-06',
    promise: 'gives back what is released, each time',
    async run(subject) {
      const world = new World(subject)
      for (let i = 0; i < 50; i++) {
        const result = await world.ask(subject.fits)
        assert.ok(result.ok)
        await world.risk.release(result.reservation.id, 'conformance')
      }
    },
  },
  {
    id: 'CC-07',
    promise: 'grants no more than its limit, however many ask',
    async run(subject) {
      const world = new World(subject)
      await Promise.all(Array.from({ length: 200 }, () => world.ask(subject.fits)))
      for (const { constraint, used, reserved, limit, enforced } of world.risk.assessPortfolio().budgets)
        if (enforced) assert.ok(used + reserved <= limit || world.constraint.limit === 0, constraint)
    },
  },
  {
    id: 'CC-08',
    promise: 'answers the same after a restart, and follows from the journal alone',
    async run(subject) {
      const world = await new World(subject).prepared()
      world.restart()
      assert.equal((await world.ask(subject.exceeds)).ok, false)
      assert.deepEqual(await compareWithReplay(world.store), [])
    },
  },
]
