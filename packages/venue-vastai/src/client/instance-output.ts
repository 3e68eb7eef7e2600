import { AutomationError, type ErrorEffect } from '@org/core'
import { resultLinkSchema } from '../wire/instance.ts'
import type { Endpoint } from './endpoint.ts'
import { VastAiRefusedError, VastAiTimeoutError } from './errors.ts'
import type { RequestOptions, Transport } from './transport.ts'
import { withEffect } from './with-effect.ts'

const pollMs = 500
/** The output is waited for this many times {@link pollMs}: half a minute. */
const pollsMax = 60

/** Asks for an output, which Vast.ai puts somewhere else, and reads it there once it has arrived. */
export async function readOutput(
  transport: Transport,
  target: Endpoint,
  instanceId: number,
  body: Record<string, unknown>,
  options: RequestOptions | undefined,
): Promise<string> {
  const { result_url: url, msg } = await transport.call(target, resultLinkSchema, { ids: [instanceId], body }, options)
  // From here on a command has been handed over.
  const effect: ErrorEffect = target.kind === 'read' ? 'none' : 'done'
  if (typeof url !== 'string' || !/^https?:\/\//.test(url))
    throw new VastAiRefusedError({
      endpoint: target.name,
      message: `${target.name}: no place to read the output from (${msg ?? 'no reason given'})`,
      effect,
    })
  try {
    return await poll(transport, target, url, options)
  } catch (error) {
    throw AutomationError.isInstance(error) ? withEffect(error, effect) : error
  }
}

async function poll(
  transport: Transport,
  target: Endpoint,
  url: string,
  options: RequestOptions | undefined,
): Promise<string> {
  for (let polls = 0; polls < pollsMax; polls++) {
    await transport.clock.sleep(pollMs, { signal: options?.signal })
    const { status, text } = await transport.fetchText(url, options)
    if (status === 200) return text
  }
  throw new VastAiTimeoutError({
    endpoint: target.name,
    message: `${target.name}: the output did not arrive within ${(pollMs * pollsMax) / 1000} s; the instance may be busy or offline`,
  })
}
