import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { Note } from '../converters/converter.ts'
import { nik } from '../converters/identity.ts'
import { alternatives, type Block, columnsOf, hashesKey, keyColumns } from '../mapping/mapping.ts'
import { plain } from './assemble.ts'
import type { ColumnAccess } from './column-access.ts'
import { isDamagedKey } from './damaged-key.ts'
import type { EntryDraft } from './entry-draft.ts'

const LONGEST_KEY = 200

/** Reads the key of a row; '' where it has none. */
export type ReadKey = (row: Json, root: Json) => string

/**
 * Compiles the reading of a block's key. A NIK or No. KK that stands for a key must be usable: numbers that a spreadsheet has
 * rounded to the same digits would otherwise be one subject.
 */
export function compileKey(block: Block, source: ColumnAccess, compile: CompileText): ReadKey {
  const numbers = Object.values(block.fields)
    .flatMap(alternatives)
    .filter(({ as }) => as === 'nik' || as === 'no-kk')
    .flatMap(({ from }) => columnsOf(from))
  const columns = keyColumns(block).map((column) => {
    const isNumber = hashesKey(block) && numbers.includes(column)
    return isNumber ? `usable(${source.read(column)})` : source.read(column)
  })
  const body = columns.length === 1 ? `keyOf(${columns[0]})` : `joinKey([${columns.join(', ')}])`
  const constants = { keyOf, joinKey, usable: usableNumber() }
  return compile('key', constants, `return (row, root) => ${body}`) as ReadKey
}

function usableNumber(): (value: Json) => Json | undefined {
  const convert = nik.compile({}, { name: '', additive: false, yes: '', no: '', codes: undefined })
  const unheard = new Note()
  return (value) => convert(value ?? '', unheard, undefined)
}

/** The key of one column; one that is too long for an address is none. */
function keyOf(value: Json | undefined): string {
  const key = plain(value)
  return key.length > LONGEST_KEY ? '' : key
}

/** Joins the columns of a key with a slash; all must be filled. */
function joinKey(values: (Json | undefined)[]): string {
  const parts = values.map(plain)
  return parts.includes('') ? '' : keyOf(parts.join('/'))
}

/**
 * What identifies a subject whose row has no key: its family (key or No. KK) with its NIK, else with its name and birth date.
 * Undefined where that would not find the same subject again at the next push.
 */
function identityOf(record: CanonicalRecord, family: CanonicalRecord | undefined): string | undefined {
  const { fields } = record
  const householdKey = record.household?.key ?? ''
  if (record.level === 'keluarga') {
    const own = fields.nomor_kartu_keluarga ?? (householdKey === '' ? record.headNik : householdKey)
    return own === undefined ? undefined : `keluarga ${own}`
  }
  const joined = householdKey === '' ? (family?.key ?? fields.nomor_kartu_keluarga ?? '') : householdKey
  const nik = fields.nomor_induk_kependudukan
  if (nik !== undefined) return `individu ${joined} ${nik}`
  const { nama, tanggal_lahir: born } = fields
  if (joined === '' || nama === undefined || born === undefined) return undefined
  return `individu ${joined} ${String(nama).replace(/[^A-Z0-9]/g, '')} ${born}`
}

function isTaken(key: string, level: CanonicalRecord['level'], records: readonly CanonicalRecord[]): boolean {
  for (const other of records) if (other.key === key && other.level === level) return true
  return false
}

/**
 * Gives a record its key. Where there is none, a spreadsheet damaged it, or another member has it already, a key is derived of what identifies the subject.
 * `below` is the pointer of the key's column below the record.
 */
export function giveKey(
  record: CanonicalRecord,
  key: string,
  below: string,
  work: EntryDraft,
  family: CanonicalRecord | undefined,
  derive: (identity: string) => string,
): void {
  const isDamaged = isDamagedKey(key)
  record.key = isDamaged ? '' : key
  if (isDamaged) work.say('key-excel', record.path + below)
  const doubled = record.key !== '' && isTaken(key, record.level, work.records)
  if (record.key !== '' && !doubled) return
  const identity = identityOf(record, family)
  if (identity === undefined) {
    work.say('key-missing', record.path + below)
    return
  }
  if (!isDamaged) work.say(doubled ? 'key-doubled' : 'key-derived', record.path + below)
  record.key = `~${derive(identity)}`
}
