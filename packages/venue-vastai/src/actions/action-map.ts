import type { ActionMap } from '@org/core'
import { setMinBid, unlist, writeListing } from './host-actions.ts'
import { changeBid, createInstance, destroyInstance } from './renter-actions.ts'

/** What the Vast.ai venue can be asked to do, by the name that intents carry. */
export const vastAiActions = {
  'write-listing': writeListing,
  unlist,
  'set-min-bid': setMinBid,
  'create-instance': createInstance,
  'destroy-instance': destroyInstance,
  'change-bid': changeBid,
} as const satisfies ActionMap

export type VastAiAction = keyof typeof vastAiActions
