// A limit of one's own on the shared budget: at most 20 kWh a day. Intents that name the measure `kwh` count, and so does whoever just asks.
import { DefaultRiskManager, dailyLoss, defineConstraint, VirtualClock } from '@org/core'

const energy = defineConstraint({
  type: 'ENERGY',
  name: 'energy_per_day',
  measure: 'kwh',
  limit: 20,
  aggregation: { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin', basis: 'gross' },
})
const risk = new DefaultRiskManager([dailyLoss({ limit: 50 }), energy], { clock: new VirtualClock() })
const account = risk.account('kwh', { domain: 'compute', strategyId: 'crunch', venueId: 'cellar' })

for (const kwh of [12, 6, 4]) {
  const { code } = await account.spend({ id: `batch of ${kwh}`, amount: kwh })
  const { available } = risk.remaining('energy_per_day')
  console.log(`${kwh} kWh: ${code === 'ok' ? 'runs' : `refused (${code})`}, ${available} kWh left today`)
}
