import { parseConfig } from '@org/core'
import { optimizerConfigSchema } from '@org/strategy-gpu-optimizer'
import { z } from 'zod'
import { readJsonFile } from './read-json-file.ts'
import { riskLimitsSchema } from './risk-limits.ts'

/** What `--config FILE` may say. */
const programConfigSchema = z.strictObject({
  /** As the optimiser's README lists them. */
  optimizer: optimizerConfigSchema.prefault({}),
  limits: riskLimitsSchema.prefault({}),
})

export type ProgramConfig = z.output<typeof programConfigSchema>

/** @throws InvalidInputError `FILE_UNREADABLE`, or `INVALID_CONFIG` with every problem and its path. */
export async function readProgramConfig(file: string | undefined): Promise<ProgramConfig> {
  const content = file === undefined ? {} : await readJsonFile('--config', file)
  return parseConfig(programConfigSchema, content, file === undefined ? 'config' : `--config ${file}`)
}
