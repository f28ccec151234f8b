import { FAULTS } from './errors/faults.ts'
import { REFUSALS } from './errors/refusals.ts'
import type { ErrorSpec } from './errors/spec.ts'

/** Every way a request or a job can fail as a whole. How it is answered (status, retry) depends on the code alone, not on who catches it. */
export const ERRORS = { ...REFUSALS, ...FAULTS } as const satisfies Record<string, ErrorSpec>

export type ErrorCode = keyof typeof ERRORS
/** A place in the request and what is wrong there; never the value. */
export type ErrorPlace = { pointer: string; code: string }

/** A failure of a whole request, job or start. The message is for operators and never holds a personal value. */
export class TitianError extends Error {
  readonly code: ErrorCode
  readonly places: ErrorPlace[]
  readonly retryAfterSeconds: number | undefined
  /** What would have been taken in place of an unsupported type or encoding. */
  readonly accepts: readonly string[] | undefined

  constructor(
    code: ErrorCode,
    message?: string,
    extra: { cause?: unknown; places?: ErrorPlace[]; retryAfterSeconds?: number; accepts?: readonly string[] } = {},
  ) {
    super(message ?? ERRORS[code].en, { cause: extra.cause })
    this.code = code
    this.places = extra.places ?? []
    this.retryAfterSeconds = extra.retryAfterSeconds
    this.accepts = extra.accepts
  }
}
