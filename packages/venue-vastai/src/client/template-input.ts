import { z } from 'zod'
import type { OfferFilter } from '../search/offer-filter.ts'
import { offerWireFilter } from '../search/offer-filter.ts'
import { parseOfferQuery } from '../search/offer-query.ts'

/** What a template holds. */
export const templateSpecSchema = z.strictObject({
  name: z.string().min(1).optional(),
  image: z.string().min(1).optional(),
  tag: z.string().min(1).optional(),
  /** A link that is shown. */
  href: z.string().min(1).optional(),
  /** Where the image comes from. */
  repo: z.string().min(1).optional(),
  /** Docker options as one text, for example `-e A=b -p 8080:8080`. */
  env: z.string().optional(),
  onstart: z.string().optional(),
  /** @default 'args' */
  access: z.enum(['ssh', 'jupyter', 'args']).default('args'),
  direct: z.boolean().default(false),
  jupyterLab: z.boolean().default(false),
  jupyterDir: z.string().min(1).optional(),
  /** Name of the registry that a login is needed for; the login itself is never sent. */
  dockerLoginRepo: z.string().min(1).optional(),
  /** Which offers suit: typed, or in the text language. */
  offers: z
    .union([z.string(), z.custom<OfferFilter>(value => typeof value === 'object' && value !== null)])
    .default({}),
  /** False: `offers` is all that is demanded. @default true */
  offerDefaults: z.boolean().default(true),
  /** GB, as a text: that is how the official client sends it. */
  diskGb: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .optional(),
  readme: z.string().optional(),
  readmeVisible: z.boolean().default(true),
  description: z.string().optional(),
  /** False: everybody may use it. @default true */
  private: z.boolean().default(true),
})

export type TemplateSpec = z.input<typeof templateSpecSchema>

/** The body of a template. */
export function templateBody(spec: z.output<typeof templateSpecSchema>): Record<string, unknown> {
  const { access, direct, offers, offerDefaults: defaults } = spec
  return {
    name: spec.name ?? null,
    image: spec.image ?? null,
    tag: spec.tag ?? null,
    href: spec.href ?? null,
    repo: spec.repo ?? null,
    env: spec.env ?? null,
    onstart: spec.onstart ?? null,
    jup_direct: access === 'jupyter' && direct,
    ssh_direct: access === 'ssh' && direct,
    use_jupyter_lab: spec.jupyterLab,
    runtype: access,
    use_ssh: access !== 'args',
    jupyter_dir: spec.jupyterDir ?? null,
    docker_login_repo: spec.dockerLoginRepo ?? null,
    extra_filters:
      typeof offers === 'string' ? parseOfferQuery(offers, { defaults }) : offerWireFilter(offers, defaults),
    recommended_disk_space: spec.diskGb ?? null,
    readme: spec.readme ?? null,
    readme_visible: spec.readmeVisible,
    desc: spec.description ?? null,
    private: spec.private,
  }
}
