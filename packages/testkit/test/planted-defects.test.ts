import { storeChecks, storeConformance } from '@org/testkit'
import { describe, expect, it } from 'vitest'
import { type Defect, sharedMemoryStores } from './shared-memory-store.ts'

storeConformance({ name: 'shared memory, without a defect', ...sharedMemoryStores() })

/** Which checks each planted defect fails; the promise that it breaks is among them, what does not rest on that promise is not. */
const planted: { readonly [defect in Defect]: readonly string[] } = {
  'forgets the last fact of a batch': ['SC-01', 'SC-06', 'SC-09', 'SC-10', 'SC-20', 'SC-21'],
  'mixes up the order of a batch': ['SC-01', 'SC-06', 'SC-09', 'SC-10', 'SC-20'],
  'decides on a stale mirror': ['SC-35', 'SC-36', 'SC-37'],
  'decides before it takes in what others wrote': ['SC-35', 'SC-36'],
  'answers before it is durable': [
    'SC-01',
    'SC-03',
    'SC-05',
    'SC-06',
    'SC-08',
    'SC-09',
    'SC-10',
    'SC-11',
    'SC-12',
    'SC-20',
    'SC-21',
    'SC-22',
    'SC-26',
    'SC-31',
    'SC-32',
    'SC-34',
    'SC-35',
    'SC-36',
    'SC-37',
  ],
  'takes the time as it comes': ['SC-05', 'SC-12'],
  'never sets the time back': ['SC-12'],
  'tells listeners before it commits': ['SC-22'],
  'tells listeners after it answered': ['SC-21', 'SC-22', 'SC-26', 'SC-37'],
  'tells listeners nothing of other handles': ['SC-37'],
  'counts journal positions from zero': ['SC-20', 'SC-22'],
  'fails the neighbours of a throwing decision': ['SC-03'],
  'wraps the error of a decision': ['SC-03'],
  'notes decisions without facts': ['SC-04'],
  'starts the hash chain anew at each start': ['SC-32'],
  'forgets states at the end': ['SC-33'],
  'hands out its own copy of a state': ['SC-24'],
  'writes after it was closed': ['SC-25'],
  'drops states of decisions': ['SC-27'],
  'saves states of failed decisions': ['SC-27'],
}

describe('a store with a planted defect', () => {
  it.each(Object.entries(planted))('that %s fails %j and no other check', async (defect, expected) => {
    const failed: string[] = []
    for (const check of storeChecks)
      await check.run(sharedMemoryStores(defect as Defect)).catch(() => failed.push(check.id))
    expect(failed).toEqual(expected)
  })
})
