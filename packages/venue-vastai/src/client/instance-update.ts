import { z } from 'zod'

/** What is to change about an instance; at least one of it. */
export const instanceUpdateSchema = z
  .strictObject({
    templateId: z.number().int().positive().optional(),
    templateHashId: z.string().min(1).optional(),
    image: z.string().min(1).optional(),
    args: z.string().optional(),
    env: z.record(z.string(), z.string()).optional(),
    onstart: z.string().optional(),
  })
  .refine(update => Object.values(update).some(value => value !== undefined), 'expected something to change')

export type InstanceUpdate = z.input<typeof instanceUpdateSchema>

/** The body of an update: only what changes. */
export function updateBody(instanceId: number, update: InstanceUpdate): Record<string, unknown> {
  return {
    id: instanceId,
    template_id: update.templateId,
    template_hash_id: update.templateHashId,
    image: update.image,
    args: update.args,
    env: update.env,
    onstart: update.onstart,
  }
}
