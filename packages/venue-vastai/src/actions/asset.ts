/** The asset name of an own machine in intents, holdings and budgets, for example `machine-61001`. */
export function machineAsset(machineId: number): string {
  return `machine-${machineId}`
}

/** The asset name of a rented instance in intents, holdings and budgets, for example `instance-312`. */
export function instanceAsset(instanceId: number): string {
  return `instance-${instanceId}`
}
