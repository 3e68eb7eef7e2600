import {
  type Account,
  type AccountAnswer,
  type AccountOperationInput,
  defineConstraint,
  formatMicros,
  type Micros,
  toMicros,
} from '@org/core'
import { z } from 'zod'
import type { StoreWorld } from './store-world.ts'
import { openWorld } from './store-world.ts'

const unlimited = Number.MAX_SAFE_INTEGER

/** Larger ones than can be counted exactly occur in vectors; they exceed every limit. */
const wholeSchema = z
  .number()
  .min(0)
  .transform(amount => Math.min(amount, unlimited))

const operationSchema = z.object({
  op: z.enum(['spend', 'reserve', 'commit', 'release']),
  id: z.string(),
  of: z.string().optional(),
  amount: z.union([wholeSchema, z.literal('all')]).optional(),
  ttl: wholeSchema.optional(),
  mode: z.literal('up_to').optional(),
  invalid: z.string().optional(),
  result: z.string(),
  recorded: wholeSchema.optional(),
  optional: z.boolean().optional(),
})
type Operation = z.infer<typeof operationSchema>

/** What is said to be malformed may be so in any way. */
const malformedSchema = z
  .looseObject({ op: z.unknown(), invalid: z.string(), result: z.string() })
  .transform(({ op, id, of, invalid, result, optional }): Operation => {
    const known = operationSchema.shape.op.safeParse(op)
    return {
      op: known.data ?? 'spend',
      id: typeof id === 'string' ? id : '',
      ...(typeof of === 'string' ? { of } : {}),
      invalid,
      result,
      optional: optional === true,
    }
  })

const stepOperationSchema = z.union([malformedSchema, operationSchema])

const stepSchema = z.union([
  z.object({ op: z.literal('tick'), seconds: wholeSchema }),
  z.object({ op: z.literal('expect'), reserved: wholeSchema, committed: wholeSchema }),
  z.object({ op: z.literal('group'), ops: z.array(stepOperationSchema) }),
  stepOperationSchema,
])

/** A file of the form of `../shared/data/budget-vectors`. */
export const budgetVectorSchema = z.object({
  limit: wholeSchema.nullable().default(null),
  initial: z.object({ reserved: wholeSchema.default(0), committed: wholeSchema.default(0) }).optional(),
  steps: z.array(stepSchema),
})

const origin = { domain: 'vectors', strategyId: 'vector', venueId: 'nowhere' }

/**
 * Runs one file and says what differed. One unit of a vector is one millionth of ours, so that all whole numbers fit.
 *
 * @param restarts Drop everything in memory between any two steps.
 */
export async function runBudgetVector(
  input: unknown,
  options: { readonly folder: string; readonly restarts: boolean },
): Promise<readonly string[]> {
  const vector = budgetVectorSchema.parse(input)
  const constraint = defineConstraint({
    type: 'VECTOR',
    name: 'vector',
    measure: 'unit',
    limit: inUnits(vector.limit ?? unlimited),
    aggregation: { kind: 'level' },
  })
  const world = await openWorld({ folder: options.folder, constraints: [constraint], startMs: Date.UTC(2026, 0, 1) })
  const problems: string[] = []
  try {
    const { reserved = 0, committed = 0 } = vector.initial ?? {}
    if (committed > 0) await accountOf(world).spend({ id: 'initially spent', amount: inUnits(committed) })
    if (reserved > 0) await accountOf(world).reserve({ id: 'initially reserved', amount: inUnits(reserved) })
    for (const [i, step] of vector.steps.entries()) {
      const say = (problem: string) => problems.push(`step ${i + 1} (${step.op}): ${problem}`)
      await runStep(world, step, say)
      expectWithinLimit(world, vector.limit, say)
      if (options.restarts) await world.restart()
    }
  } finally {
    await world.close()
  }
  return problems
}

async function runStep(
  world: StoreWorld,
  step: z.infer<typeof stepSchema>,
  say: (problem: string) => void,
): Promise<void> {
  switch (step.op) {
    case 'tick':
      world.nowMs += step.seconds * 1_000
      // Time passes by itself; what has expired shows with the next decision. An empty one brings it about.
      await world.risk.recordAll([])
      return
    case 'expect': {
      const { reserved, committed } = standing(world)
      if (reserved !== step.reserved || committed !== step.committed)
        say(`expected reserved ${step.reserved}, committed ${step.committed}; was ${reserved}, ${committed}`)
      return
    }
    case 'group': {
      const answers = await accountOf(world).group(step.ops.map(asInput))
      for (const [i, operation] of step.ops.entries()) judge(operation, answers[i], say)
      return
    }
    default: {
      const [answer] = await accountOf(world).group([asInput(step)])
      judge(step, answer, say)
    }
  }
}

function judge(operation: Operation, answer: AccountAnswer | undefined, say: (problem: string) => void): void {
  if (operation.optional === true) return
  if (answer?.code !== operation.result) {
    say(`${operation.id}: expected ${operation.result}, was ${answer?.code} ${answer?.problem ?? ''}`)
    return
  }
  const recorded = answer.recorded === undefined ? undefined : Number(toMicros(answer.recorded, 'up'))
  if (operation.recorded !== undefined && recorded !== operation.recorded)
    say(`${operation.id}: expected ${operation.recorded} recorded, was ${recorded}`)
}

/** A request that is said to be malformed is made so. */
function asInput(operation: Operation): AccountOperationInput {
  const { op, id, of = '', amount, ttl, mode, invalid } = operation
  const upTo = mode === 'up_to'
  const isWrong = (word: string) => invalid?.split(/\W+/).includes(word) === true
  const wrong = invalid !== undefined && !isWrong('budget') && !isWrong('id') ? { amount: -1 } : {}
  const named = isWrong('budget') ? { measure: 'no such budget' } : {}
  const known = { id: isWrong('id') ? '' : id }
  switch (op) {
    case 'spend':
      return { op, ...known, amount: inUnits(amount), upTo, ...named, ...wrong }
    case 'reserve':
      return { op, ...known, amount: inUnits(amount), upTo, ttl: (ttl ?? 0) * 1_000, ...named, ...wrong }
    case 'commit':
      return { op, ...known, of, amount: amount === 'all' ? 'all' : inUnits(amount), ...wrong }
    case 'release':
      return {
        op,
        ...known,
        of,
        ...(amount === undefined || amount === 'all' ? {} : { amount: inUnits(amount) }),
        ...wrong,
      }
  }
}

function inUnits(amount: number | 'all' | undefined): string {
  return typeof amount === 'number' ? formatMicros(amount as Micros) : 'absent'
}

function accountOf({ risk }: StoreWorld): Account {
  return risk.account('unit', origin)
}

function standing({ risk }: StoreWorld): { readonly reserved: number; readonly committed: number } {
  const { reserved, used } = risk.remaining('vector')
  return { reserved: Math.round(reserved * 1e6), committed: Math.round(used * 1e6) }
}

function expectWithinLimit(world: StoreWorld, limit: number | null, say: (problem: string) => void): void {
  const { reserved, committed } = standing(world)
  if (limit !== null && reserved + committed > limit)
    say(`${reserved} + ${committed} is more than the limit of ${limit}`)
}
