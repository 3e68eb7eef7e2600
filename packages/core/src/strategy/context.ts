import type { z } from 'zod'
import { AutomationError, InvalidInputError } from '../errors/automation-error.ts'
import type { Gate, GroupOptions } from '../execution/gate.ts'
import type { RunMode } from '../execution/run-mode.ts'
import type { SubmitResult } from '../execution/submit-result.ts'
import type { Effect } from '../intent/effect.ts'
import { type Intent, type IntentDraft, newIntentId } from '../intent/intent.ts'
import type { Json } from '../intent/json.ts'
import type { ResultRecord, RiskManager } from '../risk/risk-manager.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Clock } from '../time/clock.ts'
import type { Random } from '../time/random.ts'
import type { AnyVenueReader } from '../venue/venue.ts'

/** What a strategy remembers across restarts. */
export interface StrategyState {
  /**
   * What was saved last, checked by `schema`; `undefined` when nothing was.
   *
   * @throws AutomationError `STATE_UNREADABLE` when what was saved does not fit the schema.
   */
  load<T>(schema: z.ZodType<T>): Promise<T | undefined>
  /** Durable when the promise resolves. Must be JSON. */
  save(value: unknown): Promise<void>
}

/** All that a strategy gets of the world: eyes, a clock, a memory, and one verb. */
export interface StrategyContext {
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  /** Aborted when work must end at once; a graceful stop lets the scan under way and the shutdown finish. */
  readonly signal: AbortSignal
  /** `live` and `simulated` act, `dry-run` only says what it would do. */
  readonly mode: RunMode
  readonly state: StrategyState
  /** Read access to budgets. */
  readonly risk: Pick<RiskManager, 'remaining' | 'assessPortfolio' | 'state'>
  /** @throws InvalidInputError `UNKNOWN_VENUE` with the known ids. */
  venue(id: string): AnyVenueReader
  /** The one way to act: through the gate. Never throws for what a venue, a budget or a store answers. */
  submit(draft: IntentDraft): Promise<SubmitResult>
  /** Several that belong together: all of them are reserved or none, then they are sent in order. See {@link Gate.submitGroup}. */
  submitGroup(
    drafts: readonly IntentDraft[],
    options?: Pick<GroupOptions, 'isNextWanted'>,
  ): Promise<readonly SubmitResult[]>
  /**
   * Intents of this strategy that were sent and have not ended, over restarts: under way, or in doubt until the venue was asked. Each of them may
   * or may not have happened; whoever acts on the same thing meanwhile may do it twice.
   */
  inFlight(): readonly Intent[]
  /** Books a result that arose without an intent. */
  record(result: OwnResult): Promise<void>
  /**
   * Books several results and saves `memory` (as `state.save` does) in one atomic step: a strategy that remembers up to when it has booked
   * books nothing twice and forgets nothing, whenever it dies.
   */
  recordAll(results: readonly OwnResult[], memory?: unknown): Promise<void>
}

/** A result of the strategy itself: who it is and where it trades is known. */
export type OwnResult = Omit<ResultRecord, 'strategyId' | 'domain'>

/** How long a drafted intent stays valid unless it says otherwise. */
const intentLifetimeMs = 300_000

/** Wires one strategy: readers instead of venues, and `submit` through the gate. */
export function createStrategyContext(options: {
  readonly strategyId: string
  readonly gate: Gate
  readonly risk: RiskManager
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
  readonly venues: readonly AnyVenueReader[]
  readonly mode: RunMode
  readonly signal: AbortSignal
}): StrategyContext {
  const { strategyId, gate, risk, clock, random, logger, mode, signal } = options
  const readers = new Map(options.venues.map(venue => [venue.id, readerOf(venue)]))
  const readerFor = (id: string): AnyVenueReader => {
    const reader = readers.get(id)
    if (reader !== undefined) return reader
    throw new InvalidInputError({
      code: 'UNKNOWN_VENUE',
      message: `no venue is named ${id}; known: ${[...readers.keys()].join(', ')}`,
    })
  }
  const submitOptions = { signal, dryRun: mode === 'dry-run' }
  const signed = (draft: IntentDraft): Intent => ({
    ...draft,
    id: draft.id ?? newIntentId(strategyId, clock.now(), random),
    strategyId,
    // A venue that is not there is the gate's to refuse, in writing.
    domain: readers.get(draft.venueId)?.domain ?? 'unknown',
    effects: countedOnce(draft.effects),
    expiresAt: draft.expiresAt ?? clock.now() + intentLifetimeMs,
    reduces: draft.reduces ?? false,
  })
  const stateKey = `strategy:${strategyId}`
  const ownResult = (result: OwnResult): ResultRecord => ({
    ...result,
    strategyId,
    domain: readerFor(result.venueId).domain,
  })
  return {
    clock,
    random,
    logger,
    signal,
    mode,
    risk: {
      remaining: (constraint, origin) => risk.remaining(constraint, origin),
      assessPortfolio: () => risk.assessPortfolio(),
      state: origin => risk.state(origin),
    },
    venue: readerFor,
    submit: async draft => gate.submit(signed(draft), submitOptions),
    submitGroup: async (drafts, groupOptions) =>
      gate.submitGroup(drafts.map(signed), { ...submitOptions, ...groupOptions }),
    inFlight: () =>
      risk
        .openReservations()
        .filter(({ intent, idempotencyKey }) => idempotencyKey !== undefined && intent.strategyId === strategyId)
        // The ledger keeps its own as it was sent.
        .map(({ intent }) => structuredClone(intent)),
    record: async result => risk.record(ownResult(result)),
    recordAll: async (results, memory) =>
      risk.recordAll(results.map(ownResult), {
        states: memory === undefined ? undefined : new Map([[stateKey, memory as Json]]),
      }),
    state: {
      async load(schema) {
        const saved = await clock.track(risk.store.loadState(stateKey))
        if (saved === undefined) return undefined
        const parsed = schema.safeParse(saved)
        if (parsed.success) return parsed.data
        throw new AutomationError({
          code: 'STATE_UNREADABLE',
          message: `what ${strategyId} remembered does not fit this version: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}; remove its state or run the version that wrote it`,
        })
      },
      save: value => clock.track(risk.store.saveState(stateKey, value as Json)),
    },
  }
}

/** An action counts as one where the strategy does not say: forgetting it must not switch a frequency limit off. */
function countedOnce(effects: readonly Effect[]): readonly Effect[] {
  const isCounted = effects.some(effect => effect.measure === 'count')
  return isCounted ? effects : [...effects, { measure: 'count', amount: 1 }]
}

/** Only the looking half: a strategy cannot reach `execute` through what it was given. */
function readerOf(venue: AnyVenueReader): AnyVenueReader {
  return {
    id: venue.id,
    domain: venue.domain,
    observe: (kind, query, options) => venue.observe(kind, query, options),
    holdings: options => venue.holdings(options),
  }
}
