import { z } from 'zod'

const volumeSchema = z.discriminatedUnion('kind', [
  /** A volume that is rented already. */
  z.strictObject({ kind: z.literal('link'), volumeId: z.number().int().positive(), mountPath: z.string().min(1) }),
  /** A new volume from a volume offer. */
  z.strictObject({
    kind: z.literal('create'),
    offerId: z.number().int().positive(),
    mountPath: z.string().min(1),
    /** GB. @default 15 */
    sizeGb: z.number().int().positive().default(15),
    name: z.string().min(1).optional(),
  }),
])

/** What an instance is to be. */
export const instanceSpecSchema = z.strictObject({
  /** A container image, for example `pytorch/pytorch:latest`. May be left out with a template. */
  image: z.string().min(1).optional(),
  templateHashId: z.string().min(1).optional(),
  /** GB; 8 is the least. @default 10 */
  diskGb: z.number().min(8).max(100_000).default(10),
  /** Absent: on demand. Else a bid for an interruptible instance: USD per hour for the whole chunk. */
  bidPerHour: z.number().min(0.001).max(128).optional(),
  /** What is kept in front of the idempotency key. Absent: nothing. */
  label: z.string().max(900).optional(),
  /** Environment variables; `{ '-p 8080:8080': '1' }` opens a port. */
  env: z.record(z.string(), z.string()).default({}),
  /** Shell commands run at the start. */
  onstart: z.string().optional(),
  /**
   * How the container is entered. `ssh` and `jupyter` go through a proxy unless `direct`; absent: the image's plain `ssh`; a template
   * brings its own.
   */
  access: z.enum(['ssh', 'jupyter', 'args']).optional(),
  /** Open ports of the machine instead of the proxy. @default false */
  direct: z.boolean().default(false),
  /** Arguments of the image's entry point, with `access: 'args'`. */
  args: z.array(z.string()).optional(),
  jupyterLab: z.boolean().default(false),
  jupyterDir: z.string().min(1).optional(),
  /** A secret: arguments of `docker login` for a private image. */
  imageLogin: z.string().min(1).optional(),
  /** Options for the host's docker. */
  extra: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  pythonUtf8: z.boolean().default(false),
  langUtf8: z.boolean().default(false),
  /** Skip Vast.ai's checks. @default false */
  force: z.boolean().default(false),
  /** An error instead of a stopped instance when it cannot be scheduled. @default false */
  cancelUnavailable: z.boolean().default(false),
  volume: volumeSchema.optional(),
})

/** What an instance is to be; see {@link instanceSpecSchema} for units and defaults. */
export type InstanceSpec = z.input<typeof instanceSpecSchema>
type ReadSpec = z.output<typeof instanceSpecSchema>

/** The body of a create. Everything is named, also what is null: that is how the official client sends it. */
export function createBody(spec: ReadSpec, label: string | undefined): Record<string, unknown> {
  return {
    client_id: 'me',
    image: spec.image ?? null,
    env: spec.env,
    price: spec.bidPerHour ?? null,
    disk: spec.diskGb,
    label: label ?? null,
    extra: spec.extra ?? null,
    onstart: spec.onstart ?? null,
    image_login: spec.imageLogin ?? null,
    python_utf8: spec.pythonUtf8,
    lang_utf8: spec.langUtf8,
    use_jupyter_lab: spec.jupyterLab,
    jupyter_dir: spec.jupyterDir ?? null,
    force: spec.force,
    cancel_unavail: spec.cancelUnavailable,
    template_hash_id: spec.templateHashId ?? null,
    user: spec.user ?? null,
    ...runtypeOf(spec),
    ...(spec.args === undefined ? {} : { args: spec.args }),
    ...(spec.volume === undefined ? {} : { volume_info: volumeInfo(spec.volume) }),
  }
}

function runtypeOf(spec: ReadSpec): { runtype?: string } {
  if (spec.templateHashId !== undefined) return {}
  // "direc" is how the wire spells it.
  if (spec.access === 'jupyter' || (spec.access === undefined && (spec.jupyterLab || spec.jupyterDir !== undefined)))
    return { runtype: spec.direct ? 'jupyter_direc ssh_direc ssh_proxy' : 'jupyter_proxy ssh_proxy' }
  if (spec.access === 'ssh') return { runtype: spec.direct ? 'ssh_direc ssh_proxy' : 'ssh_proxy' }
  return { runtype: spec.access ?? 'ssh' }
}

function volumeInfo(volume: NonNullable<ReadSpec['volume']>): Record<string, unknown> {
  if (volume.kind === 'link') return { mount_path: volume.mountPath, create_new: false, volume_id: volume.volumeId }
  return {
    mount_path: volume.mountPath,
    create_new: true,
    volume_id: volume.offerId,
    ...(volume.name === undefined ? {} : { name: volume.name }),
    size: volume.sizeGb,
  }
}
