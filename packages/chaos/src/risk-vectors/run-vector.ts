import { describeError } from '@org/core'
import { z } from 'zod'
import { runBudgetVector } from './budget-vector.ts'
import { runProtectionVector } from './protection-vector.ts'

/**
 * Runs one vector of either form.
 *
 * @param options `folder` for the store's file; `restarts`: drop everything in memory between any two steps.
 * @returns What differed, one line each; nothing when all holds.
 */
export async function runVector(
  input: unknown,
  options: { readonly folder: string; readonly restarts: boolean },
): Promise<readonly string[]> {
  try {
    const isProtection = typeof input === 'object' && input !== null && 'protection' in input
    return await (isProtection ? runProtectionVector : runBudgetVector)(input, options)
  } catch (error) {
    return [error instanceof z.ZodError ? z.prettifyError(error).replaceAll(/\s*\n\s*/g, ' ') : describeError(error)]
  }
}
