import Type, { type Static } from 'typebox'
import { findingTitle } from '../../domain/finding.ts'
import { FILE_FINDINGS } from './findings.ts'
import type { FileFinding as Found } from './judge-file.ts'

const CODES = Object.keys(FILE_FINDINGS)

/** A finding about a file as a whole, as answers give it. */
export const FileFinding = Type.Object(
  {
    code: Type.Unsafe<Found['code']>({ type: 'string', enum: CODES }),
    severity: Type.Literal('warning'),
    title: Type.String({ description: 'What it means, and what to do' }),
    fields: Type.Array(Type.String(), {
      description: 'Canonical fields that it is of; of shifted columns those of the source record',
      examples: [['nomor_induk_kependudukan']],
    }),
    of: Type.Integer({
      minimum: 0,
      description: 'Values that were looked at; of `file-fewer-records` the records of the batch before',
    }),
    having: Type.Integer({ minimum: 0, description: 'How many of them show it' }),
  },
  { $id: 'FileFinding', additionalProperties: false, description: 'What only shows in a file as a whole' },
)

/** What was found in a file as a whole, in words. */
export function fileFindingsIn(found: readonly Found[], language: 'id' | 'en'): Static<typeof FileFinding>[] {
  return found.map(({ code, fields, of, having }) => {
    return { code, severity: 'warning', title: findingTitle(FILE_FINDINGS, code, language), fields, of, having }
  })
}
