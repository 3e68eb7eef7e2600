import { Decimal, type Json } from '@org/core'
import { z } from 'zod'
import { positionSchema, positionToJson, readPosition } from '../book/position-json.ts'
import type { PositionState } from '../book/position-state.ts'
import { decimalText, side, text, time } from '../book/steps/step-fields.ts'
import type { Logged } from '../log/step-log.ts'
import { type PaperOrder, paperOrderSchema } from './paper-order.ts'

/** So many orders that have ended can be looked up, */
export const endedOrdersMax = 1_000
/** and so many fills. */
export const fillsMax = 1_000

const fillSchema = z.strictObject({
  tradeId: text,
  orderId: text,
  clientOrderId: text,
  strategyId: text,
  symbol: text,
  side,
  price: decimalText,
  quantity: decimalText,
  fee: decimalText,
  feeAsset: text,
  isMaker: z.boolean(),
  at: time,
})
export type PaperFill = z.output<typeof fillSchema>

/** What an account has of one asset. */
export interface PaperBalance {
  readonly total: Decimal
  /** Held by open orders and, on margin, by positions. */
  readonly locked: Decimal
}

/** What a paper exchange remembers of one account. */
export interface PaperState {
  readonly balances: Map<string, PaperBalance>
  readonly open: Map<string, PaperOrder>
  readonly openBySymbol: Map<string, Set<string>>
  /** Oldest first. */
  readonly ended: Map<string, PaperOrder>
  /** Oldest first, by trade id. */
  readonly fills: Map<string, PaperFill>
  /** On margin: what the whole account holds of a symbol. */
  readonly positions: Map<string, PositionState>
  /** The number of the newest order or trade. */
  newestId: number
}

const balanceRow = z.tuple([text, decimalText, decimalText])
const positionRow = z.tuple([text, positionSchema])

/** One change of the account: what it touched, as it is afterwards. */
const changeSchema = z.strictObject({
  newestId: z.number().int().min(0),
  orders: z.array(paperOrderSchema),
  fills: z.array(fillSchema),
  balances: z.array(balanceRow),
  positions: z.array(positionRow),
})
export type PaperChange = z.output<typeof changeSchema>

function emptyPaperState(): PaperState {
  return {
    balances: new Map(),
    open: new Map(),
    openBySymbol: new Map(),
    ended: new Map(),
    fills: new Map(),
    positions: new Map(),
    newestId: 0,
  }
}

function applyChange(state: PaperState, change: PaperChange): void {
  state.newestId = change.newestId
  for (const order of change.orders) putOrder(state, order)
  for (const fill of change.fills) {
    state.fills.set(fill.tradeId, fill)
    forgetOldest(state.fills, fillsMax)
  }
  for (const [asset, total, locked] of change.balances)
    state.balances.set(asset, { total: Decimal.of(total), locked: Decimal.of(locked) })
  for (const [symbol, position] of change.positions) state.positions.set(symbol, readPosition(position))
}

function putOrder(state: PaperState, order: PaperOrder): void {
  const { clientOrderId, symbol } = order
  const ids = state.openBySymbol.get(symbol)
  if (order.status === 'open') {
    state.open.set(clientOrderId, order)
    if (ids === undefined) state.openBySymbol.set(symbol, new Set([clientOrderId]))
    else ids.add(clientOrderId)
    return
  }
  state.open.delete(clientOrderId)
  ids?.delete(clientOrderId)
  if (ids?.size === 0) state.openBySymbol.delete(symbol)
  state.ended.set(clientOrderId, order)
  forgetOldest(state.ended, endedOrdersMax)
}

function forgetOldest(map: Map<string, unknown>, sizeMax: number): void {
  if (map.size > sizeMax) map.delete(map.keys().next().value as string)
}

/** All of it, as one change from nothing. */
function snapshotOf(state: PaperState): Json {
  return {
    newestId: state.newestId,
    orders: [...state.open.values(), ...state.ended.values()],
    fills: [...state.fills.values()],
    balances: [...state.balances].map(([asset, { total, locked }]) => [asset, total.text, locked.text]),
    positions: [...state.positions].map(([symbol, position]) => [symbol, positionToJson(position)]),
  } as unknown as Json
}

/** How a paper account is written down. */
export const loggedPaper: Logged<PaperState, PaperChange> = {
  kind: 'paper-account',
  // Two would fill one order twice.
  isShared: false,
  empty: emptyPaperState,
  apply: applyChange,
  stepSchema: changeSchema,
  snapshotSchema: changeSchema.transform(change => {
    const state = emptyPaperState()
    applyChange(state, change)
    return state
  }),
  snapshotOf,
  sizeOf: ({ open, ended, fills, balances }) => open.size + ended.size + fills.size + balances.size,
}

export function balanceRowOf(asset: string, { total, locked }: PaperBalance): PaperChange['balances'][number] {
  return [asset, total.text, locked.text]
}

export function positionRowOf(symbol: string, position: PositionState): PaperChange['positions'][number] {
  return [symbol, positionToJson(position)]
}
