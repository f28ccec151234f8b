import Type, { type Static } from 'typebox'
import { ERRORS, type ErrorCode, type ErrorPlace, TitianError } from '../../domain/error.ts'
import { isOutage } from '../observe/outage.ts'
import type { Language } from './language.ts'

/** An answer that something went wrong (RFC 9457); it never holds a value that was sent. */
export const Problem = Type.Object(
  {
    type: Type.String({
      description: 'Address of the page that explains this problem',
      examples: ['/problems/key-missing'],
    }),
    title: Type.String({ description: 'The problem in Indonesian or, by Accept-Language, in English' }),
    status: Type.Integer(),
    detail: Type.Optional(Type.String({ description: 'More about this occurrence, in English' })),
    instance: Type.Optional(Type.String({ description: 'Names this request when you ask for help' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'JSON Pointer: the part of the request, then the place in it' }),
          code: Type.String(),
        }),
      ),
    ),
  },
  { $id: 'Problem', additionalProperties: false },
)
export type Problem = Static<typeof Problem>

const UNKNOWN = 'unknown'
// A name without a digit: nobody's number.
const WORD = /^[A-Za-z][A-Za-z_.-]{0,39}$/

type Rule = { keyword: string; instancePath: string; params: Record<string, unknown> }
/** What Fastify throws: a code of its own, or what Ajv found. */
type Refusal = { code?: string; statusCode?: number; validation?: Rule[]; validationContext?: string }

const OF_FASTIFY: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'type-unsupported',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_HANDLER_TIMEOUT: 'unavailable',
}

/** Whatever was thrown, as one of our errors; a surprise becomes `internal` and keeps its cause. */
export function toTitianError(error: unknown): TitianError {
  if (error instanceof TitianError) return error
  if (isOutage(error)) return new TitianError('unavailable', undefined, { cause: error, retryAfterSeconds: 5 })
  const { code = '', statusCode = 500, validation, validationContext = '' } = (error ?? {}) as Refusal
  if (validation) {
    const places = validation.map((rule) => placeOf(rule, validationContext))
    const unknown = places
      .find(({ code }) => code === UNKNOWN)
      ?.pointer.split('/')
      .at(-1)
    return new TitianError('bad-request', unknown && `there is no query parameter ${unknown}`, { places })
  }
  const known = OF_FASTIFY[code]
  if (known) return new TitianError(known, undefined, { cause: error })
  return new TitianError(statusCode < 500 ? 'bad-request' : 'internal', undefined, { cause: error })
}

/** The body of the answer; what only operators may read (5xx) stays inside. `basePath` is the path of the public address. */
export function problemOf(error: TitianError, language: Language, request: string, basePath: string): Problem {
  const { status, en } = ERRORS[error.code]
  return {
    type: `${basePath}/problems/${error.code}`,
    title: ERRORS[error.code][language],
    status,
    ...(status < 500 && error.message !== en ? { detail: error.message } : {}),
    instance: `urn:titian:request:${request}`,
    ...(error.places.length > 0 ? { errors: error.places } : {}),
  }
}

/** A name that is missing is ours and may be told; one that is too many is the sender's: only a word in a query is. */
function placeOf({ keyword, instancePath, params }: Rule, context: string): ErrorPlace {
  const extra = keyword === 'additionalProperties' ? String(params.additionalProperty) : ''
  if (context === 'querystring' && WORD.test(extra)) return { pointer: `/querystring/${extra}`, code: UNKNOWN }
  const missing = keyword === 'required' ? `/${String(params.missingProperty)}` : ''
  return { pointer: `/${context}${instancePath}${missing}`, code: keyword }
}
