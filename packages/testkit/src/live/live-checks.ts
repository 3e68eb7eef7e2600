import assert from 'node:assert/strict'
import { type AnyVenueReader, type CallOptions, type Observation, systemClock } from '@org/core'
import { formsOf } from '../venue/forms-of-secret.ts'
import { assertHolding } from '../venue/holdings-checks.ts'
import { answerOf, errorOf, outcomeOf } from '../venue/outcome.ts'
import { recordingLogger, textOf } from '../venue/recording-logger.ts'
import type { LiveSubject } from './live-subject.ts'

/** One numbered promise of a venue on its real market. The number keeps its meaning for ever. */
export interface LiveCheck {
  readonly id: string
  readonly promise: string
  /** Rejects when the promise is broken. */
  readonly run: (subject: LiveSubject) => Promise<void>
}

/** A venue without hands: a live check cannot act. */
interface LiveVenue extends AnyVenueReader {
  connect(options?: CallOptions): Promise<void>
  close(): Promise<void>
  readonly lines: readonly string[]
}

/** Every check, in the order of the numbers. */
export const liveVenueChecks: readonly LiveCheck[] = [
  {
    id: 'LV-01',
    promise: 'connects with its key',
    run: subject =>
      withVenue(subject, async venue => {
        answerOf(await outcomeOf(() => venue.connect()), 'connect')
      }),
  },
  {
    id: 'LV-02',
    promise: 'answers each question, as of now, in its own name',
    run: subject =>
      withVenue(subject, async venue => {
        for (const [kind, query] of Object.entries(subject.queries)) {
          const seen = answerOf(await outcomeOf(() => venue.observe(kind, query)), kind)
          assert.notEqual(seen.value, undefined, `${kind}: expected a value`)
          assertNew(seen, kind, venue, subject)
        }
      }),
  },
  {
    id: 'LV-03',
    promise: 'tells what is held, as of now, in whole rows with finite figures',
    run: subject =>
      withVenue(subject, async venue => {
        const seen = answerOf(await outcomeOf(() => venue.holdings()), 'holdings')
        assertNew(seen, 'holdings', venue, subject)
        for (const row of seen.value) assertHolding(row)
      }),
  },
  {
    id: 'LV-04',
    promise: 'refuses a question that it does not know',
    run: subject =>
      withVenue(subject, async venue => {
        errorOf(await outcomeOf(() => venue.observe('no-such-question', {})), 'no-such-question')
      }),
  },
  {
    id: 'LV-05',
    promise: 'asks nothing once it has been told to stop',
    run: subject =>
      withVenue(subject, async venue => {
        const options = { signal: AbortSignal.abort() }
        for (const [kind, query] of Object.entries(subject.queries))
          assert.equal(errorOf(await outcomeOf(() => venue.observe(kind, query, options)), kind).code, 'ABORTED')
        assert.equal(errorOf(await outcomeOf(() => venue.holdings(options)), 'holdings').code, 'ABORTED')
      }),
  },
  {
    id: 'LV-06',
    promise: 'keeps its keys out of what it logs and shows',
    run: subject =>
      withVenue(subject, async venue => {
        const shown = [await outcomeOf(() => venue.holdings())]
        for (const [kind, query] of Object.entries(subject.queries))
          shown.push((await outcomeOf(() => venue.observe(kind, query))) as never)
        const text = [...venue.lines, ...shown.map(textOf)].join('\n')
        for (const form of (subject.secrets ?? []).flatMap(formsOf))
          assert.ok(!text.includes(form), 'a secret is shown')
      }),
  },
  {
    id: 'LV-07',
    promise: 'says that it is closed',
    run: subject =>
      withVenue(subject, async venue => {
        await venue.close()
        errorOf(await outcomeOf(() => venue.holdings()), 'holdings after close')
      }),
  },
]

async function withVenue(subject: LiveSubject, work: (venue: LiveVenue) => Promise<void>): Promise<void> {
  const lines: string[] = []
  const venue = await subject.create({ clock: systemClock, logger: recordingLogger(lines) })
  try {
    await venue.connect()
    await work({
      id: venue.id,
      domain: venue.domain,
      lines,
      connect: options => venue.connect(options),
      observe: (kind, query, options) => venue.observe(kind, query, options),
      holdings: options => venue.holdings(options),
      close: () => venue.close(),
    })
  } finally {
    await venue.close()
  }
}

function assertNew(
  { asOf, source }: Observation<unknown>,
  what: string,
  { id }: LiveVenue,
  { ageMsMax = 60_000 }: LiveSubject,
): void {
  const ageMs = systemClock.now() - asOf
  assert.ok(Math.abs(ageMs) <= ageMsMax, `${what}: expected an answer of now, was ${ageMs} ms old`)
  assert.ok(source.startsWith(id), `${what}: source: expected ${id}…, was ${source}`)
}
