import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { shippedParameters } from '../market/create-world.ts'
import { compareMarkets } from './compare.ts'
import { round } from './describe-model.ts'
import { fitMarket } from './fit-market.ts'
import { formatFixedPrices } from './fixed-prices.ts'
import { formatComparison } from './format-comparison.ts'
import { readRecordings } from './read-recording.ts'

const usage = `npm run -s fit -w @org/sim-vastai -- [--check | --prices] [FOLDER]
Fits the market to the recordings in FOLDER, writes src/parameters.json and prints how far the simulation lies from the recordings.
  --check   only prints that, of the parameters as they are
  --prices  only prints which fixed price would have earned most in the simulated market, by model; needs no recordings
  FOLDER    default: ../shared/data/gpu-market`

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)
const FIT_SEEDS = seedsFrom(1, 5)
const FIT_ROUNDS = 30
/** Others than the fit used. */
const CHECK_SEEDS = seedsFrom(100_001, 8)

const { values, positionals } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    prices: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
if (values.help) {
  console.log(usage)
} else if (values.prices) {
  console.log(formatFixedPrices(Object.keys(shippedParameters.models)))
} else {
  // npm runs scripts in the package's folder; paths are meant from where the command was typed.
  const folder = resolve(process.env['INIT_CWD'] ?? '.', positionals[0] ?? '../shared/data/gpu-market')
  const recordings = readRecordings(folder)
  let parameters = shippedParameters
  if (!values.check) {
    parameters = fitMarket(recordings, {
      seeds: FIT_SEEDS,
      rounds: FIT_ROUNDS,
      onRound: (index, constants) =>
        console.error(
          `round ${index + 1} of ${FIT_ROUNDS}: price response ${constants.priceResponse.toFixed(2)}, quality worth ${constants.qualityWorth.toFixed(2)}, pull ${constants.repricePull.toFixed(2)}`,
        ),
    })
    const text = JSON.stringify(
      parameters,
      (_, value: unknown) => (typeof value === 'number' ? round(value) : value),
      1,
    )
    writeFileSync(new URL('../parameters.json', import.meta.url), `${text}\n`)
    parameters = JSON.parse(text)
  }
  console.log(formatComparison(compareMarkets(recordings, parameters, CHECK_SEEDS)))
}
