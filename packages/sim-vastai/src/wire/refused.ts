import { type Answer, json } from './answer.ts'

/** Ends a call with an error answer of the shape `{"success":false,"error":"…","msg":"…"}`. */
export class Refused extends Error {
  readonly answer: Answer

  constructor(status: number, error: string, msg: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(msg)
    this.name = 'Refused'
    this.answer = json({ success: false, error, msg, ...extra }, status)
  }
}

/** 400 for arguments that cannot be used. */
export function invalidArguments(msg: string, extra?: Readonly<Record<string, unknown>>): Refused {
  return new Refused(400, 'invalid_args', msg, extra)
}
