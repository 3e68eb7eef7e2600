import type { Contract } from '../../market/contract.ts'
import type { Machine } from '../../market/machine.ts'

/** The four words that an instance's state is told in. */
export interface InstanceStatus {
  /** What the container does; null while nothing is known yet. */
  readonly actual: null | 'created' | 'loading' | 'running' | 'stopped' | 'exited' | 'offline'
  /** What the renter wants. */
  readonly intended: 'running' | 'stopped'
  /** What the contract does. */
  readonly current: 'running' | 'stopped'
  readonly next: 'running' | 'stopped'
}

const PROVISIONING_MS = 10_000

/** How long an instance pulls its image, 60 to 240 s: the same for the same id. */
function loadingMs(contractId: number): number {
  return 60_000 + ((Math.imul(contractId, 2_654_435_761) >>> 0) % 180_000)
}

/** The state of an instance that was booted at `bootedMs`. */
export function instanceStatus(contract: Contract, machine: Machine, bootedMs: number, nowMs: number): InstanceStatus {
  if (contract.status === 'stopped')
    return { actual: 'stopped', intended: 'stopped', current: 'stopped', next: 'stopped' }
  if (contract.status === 'expired')
    return { actual: 'exited', intended: 'stopped', current: 'stopped', next: 'stopped' }
  if (machine.offlineSinceMs !== undefined)
    return { actual: 'offline', intended: 'running', current: 'running', next: 'running' }
  if (contract.status !== 'running')
    return { actual: 'stopped', intended: 'running', current: 'stopped', next: 'running' }
  const bootingMs = nowMs - bootedMs
  const actual =
    bootingMs < PROVISIONING_MS ? null : bootingMs < PROVISIONING_MS + loadingMs(contract.id) ? 'loading' : 'running'
  return { actual, intended: 'running', current: 'running', next: 'running' }
}
