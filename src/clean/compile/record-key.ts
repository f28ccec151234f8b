import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { Note } from '../converters/converter.ts'
import { nik } from '../converters/identity.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { lostDigits, wholeOf } from '../converters/spreadsheet.ts'
import { alternatives, type Block, columnsOf, hashesKey, keyColumns } from '../mapping/mapping.ts'
import { folded, plain } from './assemble.ts'
import type { ColumnAccess } from './column-access.ts'
import type { EntryDraft } from './entry-draft.ts'

const LONGEST_KEY = 200
const TESTS = ['isTidied', 'isDamaged'] as const

/**
 * Reads the key of a row; '' where it has none. `isTidied` says whether it was written in another way, `isDamaged` whether there is none
 * because digits were lost.
 */
export type ReadKey = Record<'isTidied' | 'isDamaged', (row: Json, root: Json, outer?: Json) => boolean> & {
  read(row: Json, root: Json, outer?: Json): string
}

/**
 * Compiles the reading of a block's key. A NIK or No. KK that stands for a key must be usable: numbers that a spreadsheet has
 * rounded to the same digits would otherwise be one subject.
 */
export function compileKey(
  block: Block,
  source: ColumnAccess,
  placeholders: Placeholders,
  compile: CompileText,
): ReadKey {
  const numbers = Object.values(block.fields)
    .flatMap(alternatives)
    .filter(({ as }) => as === 'nik' || as === 'no-kk')
    .flatMap(({ from }) => columnsOf(from))
  const columns = keyColumns(block).map((column) => {
    const isNumber = hashesKey(block) && numbers.includes(column)
    return isNumber ? `usable(${source.read(column)})` : source.read(column)
  })
  const body = columns.length === 1 ? `keyOf(${columns[0]})` : `joinKey([${columns.join(', ')}])`
  const some = (test: string) =>
    hashesKey(block) ? 'false' : columns.map((column) => `${test}(${column})`).join(' || ')
  const tests = [
    `read: (row, root, outer) => ${body}`,
    ...TESTS.map((test) => `${test}: (row, root, outer) => ${some(test)}`),
  ]
  const keyOf = (value: Json | undefined) => boundedKey(keyText(value, placeholders))
  const joinKey = (values: (Json | undefined)[]) => {
    const parts = values.map((value) => keyText(value, placeholders))
    if (parts.includes('')) return ''
    // What is hashed is written by people, and the same text in capitals is the same key. It is never read as an address.
    return hashesKey(block) ? parts.map(folded).join('/') : boundedKey(parts.join('/'))
  }
  const constants = { keyOf, joinKey, usable: usableNumber(), isTidied, isDamaged }
  return compile('key', constants, `return { ${tests.join(', ')} }`) as ReadKey
}

function usableNumber(): (value: Json) => Json | undefined {
  const convert = nik.compile({}, { name: '', additive: false, yes: '', no: '', codes: undefined })
  const unheard = new Note()
  return (value) => convert(value ?? '', unheard, undefined)
}

/**
 * The text of a key: '' for a placeholder and for a number that lost digits, which would make one subject of many; without the `.0` of
 * any other float.
 */
export function keyText(value: Json | undefined, placeholders: Placeholders): string {
  const text = plain(value)
  if (lostDigits(text) || placeholders.isValue(text)) return ''
  return wholeOf(text) ?? text
}

/** Whether blanks around a key or a `.0` behind it are left out. */
function isTidied(value: Json | undefined): boolean {
  return typeof value === 'string' && (value.trim() !== value || wholeOf(value) !== undefined)
}

/** Whether digits of a key were lost. */
export function isDamaged(value: Json | undefined): boolean {
  return lostDigits(plain(value))
}

/** A key that is too long for an address is none. */
function boundedKey(key: string): string {
  return key.length > LONGEST_KEY ? '' : key
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
  record.key = key
  if (key !== '' && work.takeKey(record.level, key)) return
  const identity = identityOf(record, family)
  if (identity === undefined) {
    work.say('key-missing', record.path + below)
    return
  }
  work.say(key === '' ? 'key-derived' : 'key-doubled', record.path + below)
  record.key = `~${derive(identity)}`
  work.takeKey(record.level, record.key)
}
