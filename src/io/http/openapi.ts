import Type, { type Static, type TSchema } from 'typebox'
import { ERRORS, type ErrorCode } from '../../domain/error.ts'

const ALWAYS = ['bad-request', 'token-missing', 'token-invalid', 'scope-missing', 'internal', 'unavailable'] as const

/** Points at a named schema, so that the OpenAPI document keeps one definition of it. */
export function ref<T extends TSchema & { $id?: string }>(schema: T) {
  return Type.Unsafe<Static<T>>(Type.Ref(`${schema.$id}#`))
}

/** The one content of an answer that has a description of its own. */
export function json(schema: TSchema) {
  return { content: { 'application/json': { schema } } }
}

/** The problem answers of a route by status, each naming the codes it may carry. */
export function problems(...codes: ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...codes, ...ALWAYS])) {
    const { status } = ERRORS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      status,
      {
        description: found.map((code) => `\`${code}\`: ${ERRORS[code].en}`).join('; '),
        content: { 'application/problem+json': { schema: Type.Ref('Problem#') } },
      },
    ]),
  )
}
