import type { Regions, Village } from '../../clean/regions/regions.ts'
import type { Json } from '../../domain/entry.ts'
import { districtOfNik } from '../../domain/nik.ts'
import { isRegionField } from '../../domain/region.ts'
import type { Draft, DraftRule } from './draft.ts'
import { type Kind, kindOf } from './infer.ts'
import type { Column, Sample, Table } from './sample.ts'
import { wordsOf } from './similar.ts'

/** A day that reads differently in every order, and one for everything that happened later; both nobody's. */
const BORN = { year: '1990', month: '03', day: '12', name: 'Maret' }
const LATER = { year: '2025', month: '02', day: '17', name: 'Februari' }
const NUMBERS: Record<string, string> = { umur: '34', luas_lantai: '36' }

type SampleContext = { draft: Draft; regions: Regions; village: Village; isDamaged: boolean; isCsv: boolean }

/** Makes up a record of the layout: labels of the drafted lists, else words and numbers of nobody. Damaged: without name, NIK and No. KK. */
export function synthesize(sample: Sample, draft: Draft, regions: Regions, village: Village, isDamaged: boolean): Json {
  const [root, members] = sample.tables
  const world = { draft, regions, village, isDamaged, isCsv: sample.source.kind === 'csv' }
  const record = recordOf(root, world)
  if (members?.each !== undefined) put(record, members.each.split('.'), [recordOf(members, world)])
  return record
}

function recordOf(table: Table | undefined, world: SampleContext): Record<string, Json> {
  const record: Record<string, Json> = {}
  const blocks = world.draft.blocks.filter(({ each }) => each === table?.each)
  const rules = blocks.flatMap(({ fields, extensions }) => [...fields, ...extensions])
  const keys = blocks.map(({ key }) => key.column)
  const heads = blocks.map(({ headNik }) => headNik)
  for (const column of table?.columns ?? []) {
    const { name } = column
    const rule = rules.find((candidate) => candidate.column === name || candidate.others?.includes(name))
    const as = heads.includes(name) ? 'nik' : typeof rule?.rule === 'object' ? rule.rule.as : undefined
    const text = keys.includes(name) ? 'CONTOH-1' : textFor(column, rule, as, world)
    put(record, world.isCsv ? [name] : name.split('.'), world.isCsv ? String(text ?? '') : typed(text, column))
  }
  return record
}

function textFor(
  column: Column,
  rule: DraftRule | undefined,
  as: string | undefined,
  world: SampleContext,
): string | null {
  const { village, isDamaged, draft, regions } = world
  const district = districtOfNik(village.kemendagri?.replaceAll('.', '') ?? '')
  if (as === 'nik') return isDamaged ? '123' : `${district}1203900001`
  if (as === 'no-kk') return isDamaged ? '123' : `${district}0101150001`
  if (as === 'name') return isDamaged ? '' : 'CONTOH SATU'
  const level = Object.entries(draft.region?.names ?? {}).find(([, name]) => name === column.name)?.[0]
  if (level !== undefined) return isRegionField(level) ? village.fields[level] : ''
  const label = labelFor(rule, draft)
  if (label !== undefined) return label
  const kind = kindOf(column, regions)
  if (kind.is === 'date') return dayText(kind.formats[0] ?? '', wordsOf(column.name).includes('lahir') ? BORN : LATER)
  if (kind.is === 'yes-no') return kind.pair.split('/')[1] ?? ''
  if (kind.is === 'number') return NUMBERS[rule?.name ?? ''] ?? (kind.whole ? '1' : `1${kind.decimal}5`)
  if (kind.is === 'region') return codeFor(kind, village)
  return wordFor(kind)
}

function wordFor({ is }: Kind): string | null {
  if (is === 'boolean') return 'false'
  if (is === 'number16') return '0000000000000000'
  return is === 'empty' || is === 'list' || is === 'objects' ? null : 'CONTOH'
}

/** Of the scheme that the sample's codes look like. */
function codeFor({ dots, bps, kemendagri }: Extract<Kind, { is: 'region' }>, village: Village): string {
  const code = !dots && bps > kemendagri ? village.bps : (village.kemendagri ?? village.bps)
  return dots ? code : code.replaceAll('.', '')
}

/** A label of the drafted list: that of a head of family, who is married; else the first that has a code. */
function labelFor(rule: DraftRule | undefined, { lists }: Draft): string | undefined {
  if (rule === undefined || typeof rule.rule !== 'object' || rule.rule.codes === undefined) return undefined
  if (rule.head !== undefined) return rule.head
  const { codes } = rule.rule
  const rows: [string, Json][] =
    typeof codes === 'string'
      ? (lists.find(({ name }) => name === codes)?.rows.map(({ label, entry }) => [label, entry]) ?? [])
      : Object.entries(codes)
  const coded = rows.filter(([, entry]) => typeof entry === 'string' && /^[0-9]/.test(entry))
  const married = rule.name === 'status_kawin' ? coded.find(([, entry]) => entry === '2') : undefined
  return (married ?? coded[0] ?? rows[0])?.[0]
}

function dayText(format: string, { year, month, day, name }: typeof BORN): string {
  const noon = `${year}-${month}-${day}T05:00:00Z`
  if (format === 'iso-instant') return noon
  if (format.startsWith('epoch')) return String(Date.parse(noon) / (format === 'epoch-s' ? 1000 : 1))
  const parts: Record<string, string> = { MMMM: name, YYYY: year, YY: year.slice(2), MM: month, DD: day }
  return format
    .replace(/MMMM|YYYY|YY|MM|DD/g, (part) => parts[part] ?? part)
    .replace(/\bD\b/, String(Number(day)))
    .replace(/\bM\b/, String(Number(month)))
}

/** The text as the JSON value that the sample has there. */
function typed(text: string | null, { types }: Column): Json {
  if (text === null) return types.has('list') ? [] : null
  if (types.has('string')) return text
  if (types.has('boolean')) return text === 'true'
  return types.has('number') && text.length < 16 && /^-?[0-9.]+$/.test(text) ? Number(text) : text
}

function put(record: Record<string, Json>, [step = '', ...rest]: string[], value: Json): void {
  if (rest.length === 0) {
    record[step] = value
    return
  }
  const inner = (record[step] ?? {}) as Record<string, Json>
  record[step] = inner
  put(inner, rest, value)
}
