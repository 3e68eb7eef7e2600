import type { InstanceSpec } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import { NotExpressed } from '../command.ts'
import { readDockerOptions } from './docker-options.ts'

/** Options shared by `create instance`, `create instances` and `launch instance`. */
export const instanceOptions =
  '--template_hash= --user= -d,--disk= --image= --login= --label= --onstart= --onstart-cmd= --entrypoint= --ssh --jupyter --direct ' +
  '--jupyter-dir= --jupyter-lab --lang-utf8 --python-utf8 --extra= --env= --args... --force --cancel-unavail --bid_price= ' +
  '--create-volume= --link-volume= --volume-size= --mount-path= --volume-label='

/** What the options say an instance is to be. */
export function readInstanceSpec(given: Arguments, diskGbDefault: number): InstanceSpec {
  if (given.flag('--onstart')) throw new NotExpressed("reading a start script from a file is the caller's part")
  const env = readDockerOptions(given.text('--env'))
  const args = given.list('--args')
  const isJupyter = given.flag('--jupyter') || given.flag('--jupyter-dir') || given.flag('--jupyter-lab')
  const spec: InstanceSpec = {
    image: given.text('--image'),
    templateHashId: given.text('--template_hash'),
    diskGb: given.number('--disk') ?? diskGbDefault,
    bidPerHour: given.number('--bid_price'),
    label: given.text('--label'),
    env: withoutJupyterPortal(env, isJupyter),
    onstart: given.text('--onstart-cmd') ?? given.text('--entrypoint'),
    access: args !== undefined ? 'args' : isJupyter ? 'jupyter' : given.flag('--ssh') ? 'ssh' : undefined,
    direct: given.flag('--direct'),
    args: args === undefined || args.length === 0 ? undefined : [...args],
    jupyterLab: given.flag('--jupyter-lab'),
    jupyterDir: given.text('--jupyter-dir'),
    imageLogin: given.text('--login'),
    extra: given.text('--extra'),
    user: given.text('--user'),
    pythonUtf8: given.flag('--python-utf8'),
    langUtf8: given.flag('--lang-utf8'),
    force: given.flag('--force'),
    cancelUnavailable: given.flag('--cancel-unavail'),
    volume: readVolume(given),
  }
  if (spec.image === undefined && spec.templateHashId === undefined)
    throw new NotExpressed('an instance without image and template has nothing to run')
  return spec
}

function readVolume(given: Arguments): InstanceSpec['volume'] {
  const mountPath = given.text('--mount-path') ?? ''
  const offerId = given.number('--create-volume')
  if (offerId !== undefined) {
    const sizeGb = given.number('--volume-size')
    const name = given.text('--volume-label')
    return { kind: 'create', offerId, mountPath, ...(sizeGb === undefined ? {} : { sizeGb }), name }
  }
  const volumeId = given.number('--link-volume')
  return volumeId === undefined ? undefined : { kind: 'link', volumeId, mountPath }
}

/** Without Jupyter its tab is taken out of the portal's configuration. */
function withoutJupyterPortal(env: Record<string, string>, isJupyter: boolean): Record<string, string> {
  const portal = env['PORTAL_CONFIG']
  if (portal === undefined || isJupyter) return env
  const kept = portal.split('|').filter(tab => !tab.toLowerCase().includes('jupyter'))
  return { ...env, PORTAL_CONFIG: kept.join('|') }
}
