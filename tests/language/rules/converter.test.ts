import { describe, expect, it } from 'vitest'
import { Note } from '../../../src/clean/converters/converter.ts'
import { nik, noKk } from '../../../src/clean/converters/identity.ts'
import { FINDINGS } from '../../../src/clean/findings.ts'
import type { Variable } from '../../../src/language/canonical.ts'
import { book } from './book.ts'

const NUMBERS: Record<string, typeof nik> = {
  'individu.nomor_induk_kependudukan': nik,
  'keluarga.nomor_kartu_keluarga': noKk,
} satisfies Record<Variable['key'], typeof nik>

const TARGET = { name: '', additive: false, yes: '1', no: '2', codes: undefined }
const converted = book.rules.filter(({ checkedBy }) => checkedBy === 'converter')
const numbers = converted.filter(({ fields }) => fields.some((field) => field in NUMBERS))

function codeOf(field: string | undefined, raw: string | undefined): string {
  const note = new Note()
  NUMBERS[field ?? '']?.compile({}, TARGET)(raw ?? '', note, undefined)
  return note.code
}

describe('a rule that a converter looks after', () => {
  it.for(converted)('$code names findings that exist, one with the severity of the rule', ({ findings, severity }) => {
    const severities = findings.map((code) => FINDINGS[code as keyof typeof FINDINGS].severity)
    expect(severities).toContain(severity)
  })

  it.for(numbers)('$code is kept by the converter of the number', ({ fields: [field], findings, fails, passes }) => {
    expect(findings).toContain(codeOf(field, fails?.raw))
    expect(codeOf(field, passes?.raw)).toBe('')
  })
})
