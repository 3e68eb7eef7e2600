import fitted from '../parameters.json' with { type: 'json' }
import { findModel } from './catalogue.ts'
import type { GpuModel } from './gpu-model.ts'
import { Kernel } from './kernel.ts'
import { settleContract } from './ledger.ts'
import { freshCounters } from './machine-state.ts'
import { ModelMarket } from './model-market.ts'
import type { MarketParameters, ModelParameters } from './model-parameters.ts'
import { refuse } from './refuse.ts'
import { SimWorld } from './sim-world.ts'
import type { World, WorldOptions } from './world.ts'

/** Rentals need about this long to forget that the world began empty. */
const WARM_UP_MS = 14 * 24 * 3_600_000

/** The parameters that ship, fitted by `npm run fit -w @org/sim-vastai`. */
export const shippedParameters: MarketParameters = fitted

/**
 * Makes a market in its steady state.
 *
 * @example
 * const world = createWorld({ seed: 7, startMs: Date.UTC(2026, 6, 1), models: ['RTX_4090'] })
 * world.advanceTo(Date.UTC(2026, 6, 2))
 */
export function createWorld(options: WorldOptions): World {
  const parameters = options.parameters ?? shippedParameters
  const gpus = (options.models ?? Object.keys(parameters.models)).map(
    name => findModel(name) ?? refuse('SIM_UNKNOWN_MODEL', `unknown GPU model ${name}`),
  )
  if (!Number.isFinite(options.startMs)) refuse('SIM_INVALID', `expected a start in epoch ms, was ${options.startMs}`)
  const kernel = new Kernel({
    seed: options.seed,
    nowMs: options.startMs - WARM_UP_MS,
    parameters,
    keptIds: new Set(options.machineIds),
  })
  for (const gpu of new Set(gpus)) {
    const market = new ModelMarket(kernel, gpu, parametersOf(gpu, parameters))
    kernel.markets.set(gpu.model, market)
    for (const machine of market.machines) kernel.machines.set(machine.id, machine)
    market.open()
  }
  const world = new SimWorld(kernel, [...kernel.markets.keys()])
  world.advanceTo(options.startMs)
  beginCounting(kernel)
  return world
}

/** A model's own parameters, completed from the pooled ones; the level of a model nobody recorded follows from its data sheet. */
export function parametersOf(gpu: GpuModel, parameters: MarketParameters): ModelParameters {
  const { level } = parameters
  const usd = Math.exp(
    level.base + level.vram * Math.log(gpu.vramMib / 1024) + level.bandwidth * Math.log(gpu.memoryGbPerS),
  )
  return { machines: level.machines, medianUsdPerGpuHour: usd, ...parameters.pooled, ...parameters.models[gpu.model] }
}

function beginCounting(kernel: Kernel): void {
  for (const contract of kernel.contracts.values()) {
    settleContract(kernel, contract)
    contract.paidUsd = 0
    contract.runningMs = 0
  }
  kernel.money.renterPaidUsd = 0
  kernel.money.hostEarnedUsd = 0
  for (const machine of kernel.machines.values()) {
    machine.countTime(kernel.nowMs)
    machine.counters = freshCounters()
  }
  for (const market of kernel.markets.values()) market.beginCounting()
}
