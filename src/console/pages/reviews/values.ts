import type { Json } from '../../../domain/entry.ts'
import type { Language } from '../../../io/http/language.ts'
import type { Canonical, CodeList } from '../../../language/canonical.ts'
import type { KeptRecord } from '../../../link/compare/features.ts'

/** A line of the page: a field by its name, and what each of two records says; undefined where it says nothing. */
export type Line = {
  label: string
  values: [string | undefined, string | undefined]
}
export type Pair = readonly [KeptRecord | undefined, KeptRecord | undefined]

/** The canonical fields that stand behind a compared field (link/compare/features.ts). */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  name: ['nama'],
  birth: ['tanggal_lahir'],
  sex: ['jenis_kelamin'],
  nik: ['nomor_induk_kependudukan'],
  family: ['nomor_kartu_keluarga'],
  place: ['kode_kelurahan_desa_ktp', 'kode_kelurahan_desa', 'alamat'],
  relation: ['status_hubungan_keluarga'],
}
/** What only the family's record has, and is kept with a person's (link/subjects/prepare.ts). */
const KEPT: Readonly<Record<string, 'village' | 'address'>> = { kode_kelurahan_desa: 'village', alamat: 'address' }
const COMPARED = new Set(Object.values(BEHIND).flat())

/** What two records say about a compared field; an extension that a model compares goes by its own name. */
export function comparedLines(pair: Pair, field: string, canonical: Canonical, language: Language): Line[] {
  const names = Object.hasOwn(BEHIND, field) ? (BEHIND[field] ?? []) : [field]
  const lines = names.map((name) => lineOf(pair, name, canonical, language))
  const said = lines.filter(({ values }) => values.some((value) => value !== undefined))
  return said.length > 0 ? said : lines.slice(0, 1)
}

/** Everything else that the two records say, those first that differ. */
export function otherLines(
  pair: Pair,
  compared: ReadonlySet<string>,
  canonical: Canonical,
  language: Language,
): Line[] {
  const names = new Set(pair.flatMap((record) => Object.keys({ ...record?.fields, ...record?.extensions })))
  const lines = [...names]
    .filter((name) => !COMPARED.has(name) && !compared.has(name))
    .map((name) => lineOf(pair, name, canonical, language))
  return lines.sort((a, b) => rankOf(b) - rankOf(a) || a.label.localeCompare(b.label))
}

/** What differs says most, what only one of the two says least. */
function rankOf(line: Line): number {
  return Number(differs(line)) + Number(line.values.every((value) => value !== undefined))
}

/** Whether both say something, and not the same. */
export function differs({ values: [a, b] }: Line): boolean {
  return a !== undefined && b !== undefined && a !== b
}

function lineOf(pair: Pair, name: string, canonical: Canonical, language: Language): Line {
  const { label, shown } = fieldText(name, canonical, language)
  const kept = Object.hasOwn(KEPT, name) ? KEPT[name] : undefined
  const saidIn = (record: KeptRecord | undefined) =>
    record?.fields[name] ?? record?.extensions?.[name] ?? (kept && record?.[kept])
  const [a, b] = pair.map((record) => shown(saidIn(record)))
  return { label, values: [a, b] }
}

/** The label of a field, and how its values are shown: a code with its label, undefined where nothing is said. */
export function fieldText(
  name: string,
  { variables, codelists }: Canonical,
  language: Language,
): { label: string; shown(value: Json | undefined): string | undefined } {
  const variable = variables.get(`individu.${name}`) ?? variables.get(`keluarga.${name}`)
  const label = language === 'id' ? variable?.label_id : variable?.label_en
  const list = variable?.codelist ? codelists.get(variable.codelist) : undefined
  return {
    // An extension has no label but its own name.
    label: label ?? name.replaceAll('_', ' '),
    shown(value) {
      const text = textOf(value)
      const labels = text === undefined || list === undefined ? [] : labelsOf(list, text, language)
      return labels.length === 0 ? text : `${text} · ${labels.join(', ')}`
    },
  }
}

/** The label of a code; of a sum of additive codes the label of each. */
function labelsOf({ codes, additive }: CodeList, text: string, language: Language): string[] {
  const label = (code: CodeList['codes'][number]) => (language === 'id' ? code.label_id : code.label_en)
  const exact = codes.find(({ code }) => code === text)
  if (exact !== undefined) return [label(exact)]
  return additive ? codes.filter(({ code }) => (Number(code) & Number(text)) !== 0).map(label) : []
}

function textOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
