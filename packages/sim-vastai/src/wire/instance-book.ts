import type { World } from '../market/world.ts'
import type { Json, JsonObject } from './json.ts'

/** What the renter asked for beyond hardware: the market does not care, the instance table shows it. */
export interface InstanceSettings {
  readonly instanceId: number
  image: string | null
  /** As sent: `{"K":"V","-p 80:80":"1"}`. */
  env: JsonObject
  onstart: string | null
  runtype: string
  args: readonly Json[]
  templateId: number | null
  templateHashId: string | null
  templateName: string | null
  readonly jupyterToken: string
  readonly volumeInfo: Json
  readonly sshKeyIds: Set<number>
  /** When the container was last restarted, epoch ms. */
  bootedMs: number
}

/** Settings of all instances that still exist. */
export class InstanceBook {
  readonly #settings = new Map<number, InstanceSettings>()
  #pruneAt = 1_000

  set(settings: InstanceSettings, world: World): void {
    this.#settings.set(settings.instanceId, settings)
    if (this.#settings.size < this.#pruneAt) return
    for (const id of this.#settings.keys()) if (!world.hasContract(id)) this.#settings.delete(id)
    this.#pruneAt = Math.max(1_000, 2 * this.#settings.size)
  }

  get(instanceId: number): InstanceSettings | undefined {
    return this.#settings.get(instanceId)
  }
}
