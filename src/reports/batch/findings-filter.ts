import Type, { type Static } from 'typebox'
import { isInField } from '../../domain/field.ts'
import type { Finding } from '../../domain/finding.ts'
import { OUTCOMES, type Outcome } from '../../domain/states.ts'

/** What findings may be asked for by. */
export const FINDINGS_FILTER = {
  severity: Type.Optional(
    Type.Union([Type.Literal('error'), Type.Literal('hold'), Type.Literal('warning')], {
      description: 'only findings of this severity',
    }),
  ),
  code: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9-]{1,80}$',
      description: 'only findings of this code',
      examples: ['nik-length'],
    }),
  ),
  field: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description:
        'only findings in this field: `nik`, or the whole way with `*` for a place in a list (`/anggota/*/nik`)',
      examples: ['/anggota/*/nik'],
    }),
  ),
  outcome: Type.Optional(
    Type.Unsafe<Outcome>({
      type: 'string',
      enum: [...OUTCOMES],
      description: 'only findings of entries with this outcome',
    }),
  ),
  corrected: Type.Optional(
    Type.Union([Type.Literal('no'), Type.Literal('yes')], {
      description: '`no`: only of entries that no later batch has corrected; `yes`: only of those that one has',
    }),
  ),
}

const Filter = Type.Object(FINDINGS_FILTER)
export type FindingsFilter = Static<typeof Filter>

/** Whether a finding is asked for, as far as the finding alone says. */
export function isAskedFor({ severity, code, path }: Finding, filter: FindingsFilter): boolean {
  return (
    (filter.severity === undefined || filter.severity === severity) &&
    (filter.code === undefined || filter.code === code) &&
    (filter.field === undefined || isInField(path, filter.field))
  )
}

/** The filter as a query, for the address of the next page. */
export function queryOf(filter: FindingsFilter): URLSearchParams {
  const { severity, code, field, outcome, corrected } = filter
  const given = Object.entries({ severity, code, field, outcome, corrected }).filter(([, value]) => value !== undefined)
  return new URLSearchParams(given as [string, string][])
}
