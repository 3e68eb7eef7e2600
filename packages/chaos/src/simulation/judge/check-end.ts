import type { Tally } from '../tally.ts'
import type { Deal } from '../venues/book.ts'
import type { Require } from './check-grants.ts'
import type { Story } from './story.ts'

/** When everything is over: has every intent ended, in legs that belong together, and do the venues' books agree? */
export function checkEnd(
  venues: readonly { readonly id: string; readonly deals: readonly Deal[] }[],
  {
    stories,
    groups,
    tally,
    require,
  }: {
    readonly stories: ReadonlyMap<string, Story>
    readonly groups: readonly (readonly string[])[]
    readonly tally: Tally
    readonly require: Require
  },
): void {
  for (const [id, story] of stories) {
    const isOver = story.status === 'settled' || story.status === 'released'
    require(isOver, 'every intent ends', () => `${id} is ${story.status} at the end`)
    if (story.deal === undefined || story.status === 'settled') continue
    if (story.lateRecords === 0) tally.unrecorded++
    const isRecorded = story.lateRecords === 1 || (story.isLate && story.lateRecords === 0)
    require(isRecorded, 'what happened is in the journal once', () => `${id}: ${story.lateRecords} late records`)
  }
  for (const ids of groups) {
    const reserved = ids.filter(id => stories.has(id)).length
    const isWhole = reserved === 0 || reserved === ids.length
    require(isWhole, 'legs are reserved together or not at all', () => `${ids.join(', ')}: ${reserved} reserved`)
  }
  for (const { id, deals } of venues) {
    const total = deals.filter(deal => stories.get(deal.key)?.deal === deal).length
    require(total === deals.length, 'nothing is executed twice', () => `${id} has ${deals.length} deals`)
  }
}
