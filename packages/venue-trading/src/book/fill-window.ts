import { type ClosedState, flatPosition, type PositionState, positionAfter, type RatedFill } from './position-state.ts'

/** As far back as a late fill finds its place in time. */
export const fillWindowMax = 16

/**
 * A position as the newest fills, in the order of time, made it out of an earlier one. A fill that comes late is put where it belongs, and the
 * position is counted again from there: the order of delivery makes no difference.
 */
export interface FillWindow {
  /** Before the first of `fills`. */
  before: PositionState
  readonly fills: RatedFill[]
  position: PositionState
}

export function emptyWindow(): FillWindow {
  return { before: flatPosition, fills: [], position: flatPosition }
}

/** @returns What the fill closed, seen in its place. */
export function putFill(window: FillWindow, fill: RatedFill): ClosedState | undefined {
  const { fills } = window
  let place = fills.length
  while (place > 0 && isBefore(fill, fills[place - 1] as RatedFill)) place--
  fills.splice(place, 0, fill)
  const isNewest = place === fills.length - 1
  let closed: ClosedState | undefined
  if (isNewest) {
    const after = positionAfter(window.position, fill)
    window.position = after.position
    closed = after.closed
  } else {
    let position = window.before
    for (const [at, each] of fills.entries()) {
      const after = positionAfter(position, each)
      position = after.position
      if (at === place) closed = after.closed
    }
    // A position that is closed only now that the late fill is there is closed all the same.
    closed ??= position.quantity.isZero && !window.position.quantity.isZero ? lastClose(window) : undefined
    window.position = position
  }
  if (fills.length > fillWindowMax) window.before = positionAfter(window.before, fills.shift() as RatedFill).position
  return closed
}

function lastClose(window: FillWindow): ClosedState | undefined {
  let position = window.before
  let closed: ClosedState | undefined
  for (const each of window.fills) {
    const after = positionAfter(position, each)
    position = after.position
    closed = after.closed ?? closed
  }
  return closed
}

/** By time; within one millisecond by trade id, where a longer number is a later one. */
function isBefore(a: RatedFill, b: RatedFill): boolean {
  if (a.at !== b.at) return a.at < b.at
  if (a.tradeId.length !== b.tradeId.length) return a.tradeId.length < b.tradeId.length
  return a.tradeId < b.tradeId
}
