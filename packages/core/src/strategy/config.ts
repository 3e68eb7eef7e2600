import { z } from 'zod'
import { InvalidInputError } from '../errors/automation-error.ts'

/** What every strategy can be told; each strategy extends it with its own parameters under `customParams`. */
export const strategyConfigSchema = z.strictObject({
  /** Milliseconds between scans. */
  scanIntervalMs: z.number().int().min(1000).max(86_400_000).default(300_000),
  /** Least expected profit, base currency per hour. */
  minExpectedProfit: z.number().min(0).default(0.1),
  /** Least expected profit over cost: 0.25 is 25 %. */
  minRoi: z.number().min(0).default(0.25),
  /** Execute what was found and validated; off: only propose. */
  enableAutoExecution: z.boolean().default(true),
  /** Pass every check, send nothing. */
  dryRunMode: z.boolean().default(false),
})

export type StrategyConfig = z.infer<typeof strategyConfigSchema>

/**
 * Parses what a user wrote and says in one line what is wrong with it.
 *
 * @throws {InvalidInputError} `INVALID_CONFIG`, with every problem and its path.
 * @example
 * const config = parseConfig(strategyConfigSchema, { minRoi: 0.3 }, 'strategy config')
 */
export function parseConfig<Schema extends z.ZodType>(schema: Schema, input: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => {
    const path = issue.path.map(String).join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  throw new InvalidInputError({
    code: 'INVALID_CONFIG',
    message: `${what} is not usable: ${problems.join('; ')}`,
    details: { problems },
  })
}
