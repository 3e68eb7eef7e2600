import type { Instrument } from '../../matching/instrument.ts'
import { formatUnits } from '../../matching/units.ts'

/** A price as the wire has it. */
export function priceText({ tickUnits }: Instrument, ticks: number): string {
  return formatUnits(BigInt(ticks) * tickUnits)
}

/** A quantity of the base asset as the wire has it. */
export function quantityText({ lotUnits }: Instrument, lots: number): string {
  return formatUnits(BigInt(lots) * lotUnits)
}
