import { AutomationError, type AutomationErrorOptions, type ErrorEffect } from '@org/core'

/** What an error of the Vast.ai client is made from. */
export interface VastAiErrorOptions extends Omit<AutomationErrorOptions, 'code'> {
  /** Method and route, for example `PUT /asks/{id}/`. */
  readonly endpoint?: string | undefined
  /** HTTP status; absent when no answer came. */
  readonly status?: number | undefined
}

/** Something went wrong between us and Vast.ai. The class says what, `effect` says whether anything may have changed. */
export abstract class VastAiError extends AutomationError {
  readonly endpoint: string | undefined
  readonly status: number | undefined
  readonly #options: VastAiErrorOptions

  constructor(code: string, options: VastAiErrorOptions) {
    super({ ...options, code, details: { ...options.details, endpoint: options.endpoint, status: options.status } })
    this.endpoint = options.endpoint
    this.status = options.status
    this.#options = options
  }

  /** The same error, but an earlier attempt of the call may have had its effect. */
  withEffect(effect: ErrorEffect): VastAiError {
    const Same = this.constructor as new (options: VastAiErrorOptions) => VastAiError
    return new Same({ ...this.#options, effect })
  }
}

/** 401, or 404 `Invalid user key`: the key is wrong, was deleted, or its session expired. */
export class VastAiAuthenticationError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_AUTHENTICATION', options)
  }
}

/** 403: the key is right but may not do this. */
export class VastAiPermissionError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_PERMISSION', options)
  }
}

/** 404: no such machine, instance, key or template. */
export class VastAiNotFoundError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_NOT_FOUND', options)
  }
}

/** 400: Vast.ai refuses the arguments. */
export class VastAiInvalidArgumentsError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_INVALID_ARGUMENTS', options)
  }
}

/** The offer was taken by somebody else, or taken back. Search again. */
export class VastAiOfferGoneError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_OFFER_GONE', options)
  }
}

/** Refused for a reason that is none of the others; the message is Vast.ai's own. */
export class VastAiRefusedError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_REFUSED', options)
  }
}

/** 429, also after waiting and trying again. */
export class VastAiRateLimitError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_RATE_LIMIT', options)
  }
}

/** 5xx: Vast.ai, or a proxy in front of it, is in trouble. */
export class VastAiServerError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_SERVER', options)
  }
}

/** No answer in time. */
export class VastAiTimeoutError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_TIMEOUT', options)
  }
}

/** The connection could not be made (`effect: 'none'`), or broke after the request had left (`'unknown'` when it changes something). */
export class VastAiConnectionError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_CONNECTION', options)
  }
}

/** The answer is not what was expected; `details.path` names the field. */
export class VastAiMalformedResponseError extends VastAiError {
  constructor(options: VastAiErrorOptions) {
    super('VASTAI_MALFORMED_RESPONSE', options)
  }
}
