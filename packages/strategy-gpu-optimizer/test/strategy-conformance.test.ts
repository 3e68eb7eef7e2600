import { strategyConformance } from '@org/testkit'
import { GpuCapacityOptimizer } from '../src/gpu-capacity-optimizer.ts'
import { guideRule } from '../src/pricing/policies/guide-rule.ts'
import { HostVenue } from './host-venue.ts'
import { gpusOf, guideGpu } from './sample-gpu.ts'
import { sampleMachine } from './sample-machine.ts'
import { hourMs, sampleRate } from './sample-market.ts'

/** What hosts earn in the middle of the market, scan by scan; at 0.05 no listing pays. */
const medians = [0.3, 0.3, 0.5, 0.5, 0.05, 0.05, 0.3, 0.3]

strategyConformance({
  name: 'GPU optimiser, guide rule, two machines',
  scans: medians.length,
  staleMs: 24 * hourMs,
  create: config =>
    new GpuCapacityOptimizer({
      gpus: [guideGpu, ...gpusOf(61_002, 2)],
      policy: guideRule(),
      config: { scanIntervalMs: hourMs, ...config },
    }),
  venues({ clock }) {
    const venue = new HostVenue(clock, [sampleMachine(), sampleMachine({ machineId: 61_002, gpus: 2 })])
    venue.rateFor = model => sampleRate({ model, asOf: clock.now() })
    return [venue]
  },
  between([venue], scan) {
    const hostMedian = medians[(scan - 1) % medians.length] ?? 0.3
    const { rateFor } = venue
    venue.rateFor = model => ({ ...rateFor(model), ...sampleRate({ model, hostMedian, asOf: rateFor(model).asOf }) })
  },
})
