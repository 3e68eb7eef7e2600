import { Decimal } from '@org/core'
import { z } from 'zod'
import type { PositionState } from './position-state.ts'
import { decimalText, time } from './steps/step-fields.ts'

/** A position as it is written down. */
export const positionSchema = z.strictObject({
  quantity: decimalText,
  cost: decimalText,
  realised: decimalText,
  stopPrice: decimalText.optional(),
  openedAt: time.optional(),
  entered: decimalText,
  broughtIn: decimalText,
})

type PositionJson = z.output<typeof positionSchema>

export function positionToJson(position: PositionState): PositionJson {
  const { quantity, cost, realised, entered, broughtIn } = position
  return {
    ...position,
    quantity: quantity.text,
    cost: cost.text,
    realised: realised.text,
    entered: entered.text,
    broughtIn: broughtIn.text,
  }
}

export function readPosition(row: PositionJson): PositionState {
  return {
    quantity: Decimal.of(row.quantity),
    cost: Decimal.of(row.cost),
    realised: Decimal.of(row.realised),
    stopPrice: row.stopPrice,
    openedAt: row.openedAt,
    entered: Decimal.of(row.entered),
    broughtIn: Decimal.of(row.broughtIn),
  }
}
