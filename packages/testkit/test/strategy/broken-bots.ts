import {
  AutomationError,
  type ExecutionResult,
  type IntentDraft,
  type Opportunity,
  type StrategyConfig,
} from '@org/core'
import type { StrategySubject } from '@org/testkit'
import { z } from 'zod'
import { LemonBot } from './lemon-bot.ts'
import { lemonBotFixtures } from './lemon-bot-fixtures.ts'
import { LemonStall } from './lemon-stall.ts'

type Broken = StrategySubject<readonly [LemonStall]>

let found = 0

function bot(Bot: new (config: Partial<StrategyConfig>) => LemonBot): Broken {
  return { ...lemonBotFixtures, create: config => new Bot(config) }
}

/** A bot that says something else in what it proposes. */
function proposing(change: (opportunity: Opportunity) => Partial<Opportunity>): Broken {
  return bot(
    class extends LemonBot {
      protected override propose(price: number, asOf: number): readonly Opportunity[] {
        return super.propose(price, asOf).map(opportunity => ({ ...opportunity, ...change(opportunity) }))
      }
    },
  )
}

/** A bot that says something else in its intents of one action. */
function intending(action: string, change: (intent: IntentDraft) => Partial<IntentDraft>): Broken {
  return proposing(({ kind, intents }) => ({
    intents: intents.map(intent => (kind === action ? { ...intent, ...change(intent) } : intent)),
  }))
}

/** A bot that does something before it looks. */
function lookingAfter(act: (bot: LemonBot) => Promise<unknown>): Broken {
  return bot(
    class extends LemonBot {
      override async findOpportunities(): Promise<readonly Opportunity[]> {
        await act(this)
        return super.findOpportunities()
      }
    },
  )
}

/** A bot that throws where a result has such a status. */
function throwing(status: string): Broken {
  return bot(
    class extends LemonBot {
      override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
        const result = await super.executeOpportunity(opportunity)
        if (result.results.some(each => each.status === status)) throw new Error(`it is ${status}`)
        return result
      }
    },
  )
}

/** A bot that goes to the stall by itself, in one mode, after it has acted. */
function bySideDoor(mode: string): Broken {
  let stall: LemonStall | undefined
  class SlyBot extends LemonBot {
    override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
      const result = await super.executeOpportunity(opportunity)
      const [draft] = opportunity.intents
      if (result.success && this.context.mode === mode)
        await stall?.execute({ ...draft, id: `sly-${this.context.clock.now()}`, strategyId: this.id } as never)
      return result
    }
  }
  return {
    ...lemonBotFixtures,
    create: config => new SlyBot(config),
    venues({ clock }) {
      stall = new LemonStall(clock)
      return [stall]
    },
  }
}

class HastyBot extends LemonBot {
  override async findOpportunities(): Promise<readonly Opportunity[]> {
    const opportunities = await super.findOpportunities()
    if (!this.config.enableAutoExecution)
      for (const { intents } of opportunities) for (const intent of intents) await this.context.submit(intent)
    return opportunities
  }
}

class EagerBot extends LemonBot {
  override async validateOpportunity(opportunity: Opportunity): Promise<boolean> {
    const isValid = await super.validateOpportunity(opportunity)
    if (isValid) for (const intent of opportunity.intents) await this.context.submit(intent)
    return isValid
  }
}

class BlindBot extends LemonBot {
  override async findOpportunities(): Promise<readonly Opportunity[]> {
    try {
      return await super.findOpportunities()
    } catch (error) {
      if (AutomationError.isInstance(error) && error.code === 'NOT_INITIALIZED') throw error
      return this.propose(4, this.context.clock.now())
    }
  }
}

class CredulousBot extends LemonBot {
  protected override propose(price: number): readonly Opportunity[] {
    return super.propose(price, this.context.clock.now())
  }
}

class DeafBot extends LemonBot {
  override async findOpportunities(): Promise<readonly Opportunity[]> {
    try {
      return await super.findOpportunities()
    } catch (error) {
      if (AutomationError.isInstance(error) && error.code === 'NOT_INITIALIZED') return []
      throw error
    }
  }
}

class ForgetfulBot extends LemonBot {
  protected override async remember(): Promise<void> {}
}

class TrustingBot extends LemonBot {
  protected override async onInitialize(): Promise<void> {
    const memory = (await this.context.state.load(z.unknown())) as { readonly paid: readonly number[] } | undefined
    this.paid = memory === undefined ? [] : memory.paid.map(Number)
  }
}

class RestlessBot extends LemonBot {
  #isStarted = false
  protected override async onInitialize(): Promise<void> {
    await super.onInitialize()
    this.#isStarted = true
  }
  override async shutdown(): Promise<void> {
    await super.shutdown()
    if (this.#isStarted) await this.findOpportunities()
  }
}

class FragileBot extends LemonBot {
  protected override async onShutdown(): Promise<void> {
    try {
      await this.findOpportunities()
    } catch {
      throw new TypeError('price is not defined')
    }
  }
}

class LastMinuteBot extends LemonBot {
  protected override async onShutdown(): Promise<void> {
    const [intent] = this.opportunity('buy', 1, 4, this.context.clock.now()).intents
    if (this.paid.length > 0 && intent !== undefined) await this.context.submit(intent)
  }
}

/** Strategies each of which breaks one promise: the check that must notice it, and in words what is wrong. */
export const brokenBots: readonly (readonly [check: string, what: string, broken: Broken])[] = [
  ['SG-01', 'has a blank in its id', { ...lemonBotFixtures, create: config => new LemonBot(config, 'lemon bot') }],
  [
    'SG-02',
    'has a threshold of its own',
    { ...lemonBotFixtures, create: config => new LemonBot({ ...config, minRoi: 0.1 }) },
  ],
  ['SG-03', 'finds nothing while it has no market', bot(DeafBot)],
  ['SG-04', 'signs with another name', proposing(() => ({ strategyId: 'somebody' }))],
  ['SG-05', 'does not say why', proposing(({ rationale }) => ({ rationale: { ...rationale, summary: '' } }))],
  ['SG-06', 'buys for nothing', intending('buy', () => ({ effects: [{ measure: 'count', amount: 1 }] }))],
  [
    'SG-07',
    'sells as if that added risk',
    intending('sell', () => ({ reduces: false, effects: [{ measure: 'loss', amount: 0.1 }] })),
  ],
  [
    'SG-08',
    'buys for 3 with params that nobody knows',
    intending('buy', ({ effects }) => (effects[0]?.amount === 3 ? { params: { boxes: 1, quick: true } } : {})),
  ],
  ['SG-10', 'counts through all its lives', proposing(({ id }) => ({ id: `${id}-${++found}` }))],
  ['SG-11', 'looks at a clock of its own', lookingAfter(async () => Date.now())],
  ['SG-12', 'fetches something by itself', lookingAfter(() => fetch('data:,lemons'))],
  ['SG-13', 'acts when it is asked whether it would', bot(EagerBot)],
  ['SG-14', 'goes to the stall by itself', bySideDoor('simulated')],
  ['SG-15', 'goes to the stall in a dry run', bySideDoor('dry-run')],
  ['SG-16', 'acts because nobody else does', bot(HastyBot)],
  ['SG-20', 'takes a price for granted that it cannot see', bot(BlindBot)],
  ['SG-21', 'takes whatever it sees for new', bot(CredulousBot)],
  ['SG-22', 'throws when the market refuses', throwing('failed')],
  ['SG-23', 'throws when an answer is lost', throwing('unknown')],
  ['SG-24', 'throws when its budget refuses', throwing('rejected')],
  ['SG-30', 'remembers nothing', bot(ForgetfulBot)],
  ['SG-31', 'trusts whatever it finds in its memory', bot(TrustingBot)],
  ['SG-40', 'looks once more when it is told twice to end', bot(RestlessBot)],
  ['SG-41', 'breaks when it ends without a market', bot(FragileBot)],
  ['SG-42', 'buys a last box', bot(LastMinuteBot)],
]
