/** The block under `search` (price if rented) and `instance` (price as it stands), USD per hour. */
export function costBlock(gpuHour: number, diskHour: number, discountHour: number): object {
  const totalHour = gpuHour + diskHour
  return {
    gpuCostPerHour: gpuHour,
    diskHour,
    totalHour,
    discountTotalHour: discountHour,
    discountedTotalPerHour: totalHour - discountHour,
  }
}
