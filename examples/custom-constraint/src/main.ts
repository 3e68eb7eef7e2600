// A limit of one's own on the shared budget: at most 20 kWh a day, whatever runs on it. Any intent that names the measure `kwh` counts.
import {
  DefaultRiskManager,
  dailyLoss,
  defineConstraint,
  type Intent,
  newIntentId,
  seededRandom,
  VirtualClock,
} from '@org/core'

const clock = new VirtualClock()
const energy = defineConstraint({
  type: 'ENERGY',
  name: 'energy_per_day',
  measure: 'kwh',
  limit: 20,
  aggregation: { kind: 'calendar', period: 'day', timeZone: 'Europe/Berlin', basis: 'gross' },
})
const risk = new DefaultRiskManager([dailyLoss({ limit: 50 }), energy], { clock })
const random = seededRandom(7)

for (const kwh of [12, 6, 4]) {
  const intent: Intent = {
    id: newIntentId('crunch', clock.now(), random),
    strategyId: 'crunch',
    venueId: 'cellar',
    domain: 'compute',
    action: 'run-batch',
    params: {},
    effects: [
      { measure: 'kwh', amount: kwh },
      { measure: 'loss', amount: kwh * 0.3 },
    ],
    reduces: false,
    expiresAt: clock.now() + 60_000,
    rationale: { reason: 'queue-not-empty', summary: `a batch of ${kwh} kWh` },
  }
  const reserved = await risk.reserve(intent)
  if (reserved.ok) await risk.settle(reserved.reservation.id, intent.effects)
  console.log(`${kwh} kWh: ${reserved.ok ? 'runs' : reserved.rejection.shortMessage}`)
}
console.log(`left today: ${risk.remaining('energy_per_day').available} kWh`)
