import { gateBugs } from './gate-bugs.ts'
import { ledgerBugs } from './ledger-bugs.ts'
import type { Mutation } from './mutation.ts'
import { storeBugs } from './store-bugs.ts'
import { tradingBugs } from './trading-bugs.ts'

/** Every planted bug; chaos has to find each. */
export const mutations: readonly Mutation[] = [...ledgerBugs, ...gateBugs, ...storeBugs, ...tradingBugs]
