// Search the market: what does an RTX 4090 cost to rent, and what would its host earn? Runs in a simulated market unless a key is set.
import { systemClock as clock } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { VastAiClient, VastAiVenue } from '@org/venue-vastai'

const ownKey = process.env['VAST_AI_API_KEY']
await using simulator = ownKey ? undefined : await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'] })
await using client = new VastAiClient({ apiKey: simulator?.hostKey ?? ownKey, baseUrl: simulator?.url })

const offers = await client.searchOffers({ gpuName: 'RTX 4090', maxDph: 0.6, minReliability: 0.9, limit: 5 })
for (const offer of offers)
  console.log(`$${offer.dph_total?.toFixed(3)}/h  ${offer.num_gpus} x ${offer.gpu_name}  ${offer.geolocation}`)

const { renter, host, machinesCounted } = await new VastAiVenue({ client }).getMarketRate('RTX 4090')
console.log(
  `renters pay $${renter.median.toFixed(3)}, hosts earn $${host.median.toFixed(3)} per GPU-hour (${machinesCounted} machines)`,
)
