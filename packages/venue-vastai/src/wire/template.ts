import { z } from 'zod'

const text = z.string().nullish()

/** What an instance is made from: image, options, start script. */
export const templateSchema = z.object({
  id: z.number(),
  /** Changes with every update. */
  hash_id: text,
  name: text,
  image: text,
  tag: text,
  creator_id: z.number().nullish(),
  /** Instances made from it. */
  count_created: z.number().nullish(),
  recommended: z.boolean().nullish(),
  private: z.boolean().nullish(),
  /** GB. */
  recommended_disk_space: z.number().nullish(),
  env: z.unknown().optional(),
  onstart: text,
  runtype: text,
  use_ssh: z.boolean().nullish(),
})

export type Template = z.output<typeof templateSchema>

export const templatesSchema = z.object({ templates: z.array(templateSchema) })
export const writtenTemplateSchema = z.object({ template: templateSchema })
