import type { Intent } from '@org/core'
import type { Deal } from '../venues/book.ts'

/** Where an intent stands, from the journal and the venues' books alone. */
export interface Story {
  readonly intent: Intent
  readonly asks: readonly { readonly budget: string; readonly amount: number }[]
  /** In the ledger's time. */
  expiresAt: number
  /** How far the ledger's time was from the true time when it was reserved. */
  ledgerErrorMs: number
  /** What it takes off a stake until it ends. */
  readonly reduction: number
  status: 'reserved' | 'sent' | 'settled' | 'released'
  sentSeq: number
  deal: Deal | undefined
  /** The request left when its time was over, or the deal came after the release: what no client can prevent. */
  isLate: boolean
  lateRecords: number
}

/** Where it stands, in words. */
export function at(story: Story | undefined): string {
  return story === undefined ? 'which the journal does not know' : `which is ${story.status}`
}
