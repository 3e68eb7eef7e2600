import { parseOfferQuery } from '../../../src/index.ts'
import type { Commands } from '../command.ts'
import { instanceOptions, readInstanceSpec } from './instance-spec.ts'
import { regions } from './regions.ts'

export const rentCommands: Commands = {
  'create instance': {
    options: instanceOptions,
    run: (client, given) =>
      client.instances.create({ offerId: given.id(), idempotencyKey: null, ...readInstanceSpec(given, 10) }),
  },
  'create instances': {
    options: instanceOptions,
    run: (client, given) => client.instances.createMany({ offerIds: given.ids, ...readInstanceSpec(given, 10) }),
  },
  'launch instance': {
    options: `-g,--gpu-name= -n,--num-gpus= -r,--region= -i,--image= -o,--order= --limit= ${instanceOptions.replace('--image= ', '')}`,
    run: (client, given) => {
      const diskGb = given.number('--disk') ?? 16
      const region = given.text('--region')
      const where = region === undefined ? '' : ` geolocation in ${regions[region] ?? region}`
      const text = `rented=false num_gpus=${given.text('--num-gpus')} gpu_name=${given.text('--gpu-name')}${where}`
      // The official client writes the number as Python does: 32.0.
      const disk = Number.isInteger(diskGb) ? `${diskGb}.0` : String(diskGb)
      // It takes these options and does not send them.
      const { bidPerHour: _bid, user: _user, force: _force, ...spec } = readInstanceSpec(given, 16)
      return client.instances.launch({
        search: {
          query: parseOfferQuery(`${text} disk_space>=${disk}`),
          order: given.text('--order') ?? 'score-',
          limit: given.number('--limit') ?? 3,
          storageGb: diskGb,
        },
        idempotencyKey: null,
        ...spec,
      })
    },
  },
}
