// Search the market: what does an RTX 4090 cost to rent, and what would its host earn? Runs in a simulated market unless a key is set.

import { systemClock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { VastAiClient, VastAiVenue } from '@org/venue-vastai'

const apiKey = process.env['VAST_AI_API_KEY']
const simulator =
  apiKey === undefined ? await startVastAiSimulator({ clock: systemClock, seed: 7, models: ['RTX_4090'] }) : undefined
await using client = new VastAiClient({ apiKey: apiKey ?? simulator?.hostKey ?? '', baseUrl: simulator?.url })

const offers = await client.searchOffers({
  gpuName: 'RTX 4090',
  maxDph: 0.6,
  minReliability: 0.9,
  verifiedOnly: true,
  limit: 5,
})
for (const offer of offers)
  console.log(`$${offer.dph_total?.toFixed(3)}/h  ${offer.num_gpus} x ${offer.gpu_name}  ${offer.geolocation}`)

const venue = new VastAiVenue({ client })
const rate = await venue.getMarketRate('RTX_4090')
console.log(
  `renters pay $${rate.renter.median.toFixed(3)}, hosts earn $${rate.host.median.toFixed(3)} per GPU-hour (${rate.machinesCounted} machines)`,
)
await simulator?.close()
