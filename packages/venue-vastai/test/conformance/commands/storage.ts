import type { TemplateSpec } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import type { Commands } from '../command.ts'
import { readDateMs } from './dates.ts'

const template =
  '--name= --image= --image_tag= --href= --repo= --login= --env= --ssh --jupyter --direct --jupyter-dir= --jupyter-lab --onstart-cmd= ' +
  '--search_params= -n,--no-default --disk_space= --readme= --hide-readme --desc= --public'

function readTemplate(given: Arguments): TemplateSpec {
  const offerDefaults = !given.flag('--no-default')
  const offers = given.text('--search_params') ?? ''
  return {
    name: given.text('--name'),
    image: given.text('--image'),
    tag: given.text('--image_tag'),
    href: given.text('--href'),
    repo: given.text('--repo'),
    env: given.text('--env'),
    onstart: given.text('--onstart-cmd'),
    access: given.flag('--jupyter') ? 'jupyter' : given.flag('--ssh') ? 'ssh' : 'args',
    direct: given.flag('--direct'),
    jupyterLab: given.flag('--jupyter-lab'),
    jupyterDir: given.text('--jupyter-dir'),
    dockerLoginRepo: given.text('--login')?.split(' ')[0],
    offers: given.isLegacy && offerDefaults ? `rented=false ${offers}` : offers,
    offerDefaults,
    diskGb: given.text('--disk_space'),
    readme: given.text('--readme'),
    readmeVisible: !given.flag('--hide-readme'),
    description: given.text('--desc'),
    private: !given.flag('--public'),
  }
}

const volumeOffer = '-p,--price_disk= -e,--end_date= -s,--size='

function readVolumeOffer(given: Arguments) {
  const end = given.text('--end_date')
  return {
    sizeGb: given.number('--size') ?? 15,
    pricePerGbMonth: given.number('--price_disk') ?? 0.1,
    ...(end === undefined ? {} : { endDateMs: readDateMs(end) }),
  }
}

export const storageCommands: Commands = {
  'create template': { options: template, run: (client, given) => client.templates.create(readTemplate(given)) },
  'update template': {
    options: template,
    run: (client, given) => client.templates.update(given.positionals[0] ?? '', readTemplate(given)),
  },
  'delete template': {
    options: '--template-id= --hash-id=',
    run: (client, given) => {
      const hashId = given.text('--hash-id')
      return client.templates.delete(
        hashId === undefined ? { templateId: given.number('--template-id') ?? Number.NaN } : { hashId },
      )
    },
  },
  'show volumes': {
    options: '-t,--type=',
    run: (client, given) => {
      const kind = given.text('--type')
      return client.volumes.list(kind === 'local' || kind === 'network' ? kind : 'all')
    },
  },
  'create volume': {
    options: '-s,--size= -n,--name=',
    run: (client, given) => {
      const name = given.text('--name')
      return client.volumes.create({
        offerId: given.id(),
        sizeGb: given.number('--size') ?? 15,
        ...(name === undefined ? {} : { name }),
      })
    },
  },
  'delete volume': { options: '', run: (client, given) => client.volumes.delete(given.id()) },
  'clone volume': {
    options: '-s,--size= -d,--disable_compression',
    run: (client, given) => {
      const sizeGb = given.number('--size')
      return client.volumes.clone({
        volumeId: given.id(),
        offerId: given.id(1),
        uncompressed: given.flag('--disable_compression'),
        ...(sizeGb === undefined ? {} : { sizeGb }),
      })
    },
  },
  'list volume': {
    options: volumeOffer,
    run: (client, given) => client.volumes.offer({ machineIds: given.id(), ...readVolumeOffer(given) }),
  },
  'list volumes': {
    options: volumeOffer,
    run: (client, given) => client.volumes.offer({ machineIds: given.ids, ...readVolumeOffer(given) }),
  },
  'unlist volume': { options: '', run: (client, given) => client.volumes.unlist(given.id()) },
}
