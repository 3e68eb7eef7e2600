import { InvalidInputError } from '@org/core'
import { parseOfferQuery } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import { type Commands, NotExpressed } from '../command.ts'

const searchOffers = {
  options:
    '-t,--type= -i,--interruptible -b,--bid -r,--reserved -d,--on-demand -n,--no-default --new --limit= --storage= -o,--order= ' +
    '--disable-bundling',
  run: (client: Parameters<Commands[string]['run']>[0], given: Arguments) => {
    const defaults = !given.flag('--no-default')
    const text = given.positionals.join(' ')
    const query = parseOfferQuery(given.isLegacy && defaults ? `rented=false ${text}` : text, {
      defaults,
      unknownFields: 'send',
    })
    const limit = given.number('--limit')
    return client.offers.search({
      query,
      type: readType(given),
      order: given.text('--order') ?? 'score-',
      limit: limit === 0 ? undefined : limit,
      storageGb: given.number('--storage'),
      unbundled: given.flag('--disable-bundling'),
      via: given.flag('--new') ? 'asks' : 'bundles',
    })
  },
}

function readType(given: Arguments): 'on-demand' | 'bid' | 'reserved' {
  if (given.flag('--interruptible') || given.flag('--bid')) return 'bid'
  if (given.flag('--reserved')) return 'reserved'
  const type = given.text('--type') ?? 'on-demand'
  if (type === 'interruptible') return 'bid'
  if (type === 'on-demand' || type === 'bid' || type === 'reserved') return type
  throw new Error(`there is no offer type ${type}`)
}

/** The official client warns and sends them; what it filters then is nothing. */
async function withKnownFields(search: Promise<unknown>): Promise<unknown> {
  try {
    return await search
  } catch (error) {
    if (InvalidInputError.isInstance(error) && error.message.includes('is no field of'))
      throw new NotExpressed('a field that does not exist would filter nothing')
    throw error
  }
}

export const searchCommands: Commands = {
  'search offers': searchOffers,
  'search instances': searchOffers,
  'search benchmarks': {
    options: '',
    run: (client, given) => withKnownFields(client.benchmarks.search(given.positionals.join(' '))),
  },
  'search templates': {
    options: '',
    run: (client, given) => withKnownFields(client.templates.search(given.positionals.join(' '))),
  },
  'search invoices': {
    options: '',
    run: (client, given) => withKnownFields(client.invoices.search(given.positionals.join(' '))),
  },
  'search volumes': {
    options: '-n,--no-default --limit= --storage= -o,--order=',
    run: (client, given) =>
      withKnownFields(
        client.volumes.search({
          filter: given.positionals.join(' '),
          defaults: !given.flag('--no-default'),
          order: given.text('--order') ?? 'score-',
          limit: given.number('--limit'),
          storageGb: given.number('--storage'),
        }),
      ),
  },
}
