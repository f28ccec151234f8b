import type { Json } from '../../domain/entry.ts'
import type { Regions, Village } from '../regions.ts'
import type { Draft, DraftBlock, DraftRule } from './draft.ts'
import { kindOf } from './infer.ts'
import type { Column, Sample, Table } from './sample.ts'
import { wordsOf } from './similar.ts'

/** Nobody's: a day that reads differently in every order, and one for everything that happened later. */
const BORN = { year: '1990', month: '03', day: '12', name: 'Maret' }
const LATER = { year: '2025', month: '02', day: '17', name: 'Februari' }
const AGE = '34'

export type SyntheticRecords = { good: Json; bad: Json; damaged: string[] }

/** Makes up a record of the layout, and the same one with its numbers and names damaged. No value of the sample is in it but labels. */
export function synthesize(sample: Sample, draft: Draft, regions: Regions): SyntheticRecords {
  const village = regions.first()
  const record = (isDamaged: boolean) => {
    const root = recordOf(sample.tables[0], draft, village, regions, isDamaged)
    const members = sample.tables[1]
    if (members?.each !== undefined)
      put(root, members.each.split('.'), [recordOf(members, draft, village, regions, isDamaged)])
    return sample.source.kind === 'csv' ? textsOf(root) : root
  }
  return { good: record(false), bad: record(true), damaged: [] }
}

function recordOf(
  table: Table | undefined,
  draft: Draft,
  village: Village | undefined,
  regions: Regions,
  isDamaged: boolean,
): Record<string, Json> {
  const record: Record<string, Json> = {}
  const blocks = draft.blocks.filter(({ each }) => each === table?.each)
  const own = blocks.length > 0 ? blocks : draft.blocks
  const rules = own.flatMap(({ fields, extensions }) => [...fields, ...extensions])
  for (const column of table?.columns ?? []) {
    const rule = rules.find((candidate) => candidate.column === column.name)
    const isKey = own.some(({ key }) => key.column === column.name)
    const value = isKey ? 'CONTOH-1' : valueOf(column, rule, own, draft, village, regions, isDamaged)
    put(record, column.name.split('.').length > 1 && !isFlat(column) ? column.name.split('.') : [column.name], typed(value, column))
  }
  return record
}

/** In CSV a dot is part of the name. */
function isFlat({ types }: Column): boolean {
  return types.size === 0
}

function valueOf(
  column: Column,
  rule: DraftRule | undefined,
  blocks: readonly DraftBlock[],
  draft: Draft,
  village: Village | undefined,
  regions: Regions,
  isDamaged: boolean,
): Json {
  const kind = kindOf(column, regions)
  const yaml = rule?.yaml ?? ''
  const district = village?.kemendagri?.replaceAll('.', '').slice(0, 6) ?? '310101'
  if (/as: nik\b/.test(yaml) || blocks.some(({ headNik }) => headNik === column.name))
    return isDamaged ? '123' : `${district}120390${isMan(blocks) ? '0001' : '0002'}`
  if (/as: no-kk\b/.test(yaml)) return isDamaged ? '123' : `${district}0101150001`
  if (/as: name\b/.test(yaml)) return isDamaged ? '' : 'CONTOH SATU'
  const label = labelFor(column, rule, draft)
  if (label !== undefined) return label
  switch (kind.is) {
    case 'date':
      return dayText(kind.format, rule?.name === 'tanggal_lahir' || wordsOf(column.name).includes('lahir') ? BORN : LATER)
    case 'yes-no':
      return kind.pair.split('/')[1] ?? ''
    case 'number':
      return numberFor(rule?.name ?? '', kind.whole, kind.decimal)
    case 'boolean':
      return 'false'
    case 'region':
      return (kind.dots ? village?.kemendagri : kind.bps >= kind.kemendagri ? village?.bps : village?.kemendagri?.replaceAll('.', '')) ?? ''
    case 'number16':
      return '0000000000000000'
    case 'list':
    case 'objects':
      return []
    default:
      return kind.is === 'empty' ? '' : 'CONTOH'
  }
}

function isMan(blocks: readonly DraftBlock[]): boolean {
  return blocks.length > 0
}

/** A label of the drafted list: the head of a family, married, and else the first that has a code. */
function labelFor(column: Column, rule: DraftRule | undefined, draft: Draft): string | undefined {
  if (rule?.head !== undefined) return rule.head
  const list = draft.lists.find(({ name }) => rule?.yaml.includes(`codes: ${name} }`))
  if (list !== undefined) return (list.rows.find(({ yaml }) => yaml.startsWith('"')) ?? list.rows[0])?.label
  const inPlace = /codes: \{ ("(?:[^"\\]|\\.)*"|[^:]+): "/.exec(rule?.yaml ?? '')?.[1]
  if (inPlace === undefined) return undefined
  const wanted = rule?.name === 'status_kawin' ? (/[{,] ?("(?:[^"\\]|\\.)*"|[^:,{]+): "2"/.exec(rule.yaml)?.[1] ?? inPlace) : inPlace
  return wanted.startsWith('"') ? (JSON.parse(wanted) as string) : wanted.trim()
}

function numberFor(variable: string, isWhole: boolean, decimal: string): string {
  if (variable === 'umur') return AGE
  if (variable === 'luas_lantai') return isWhole ? '36' : `36${decimal}5`
  return isWhole ? '1' : `1${decimal}5`
}

function dayText(format: string, { year, month, day, name }: typeof BORN): string {
  if (format === 'iso-instant') return `${year}-${month}-${day}T05:00:00Z`
  return format
    .replace('MMMM', name)
    .replace('YYYY', year)
    .replace('YY', year.slice(2))
    .replace('MM', month)
    .replace('DD', day)
    .replace(/\bM\b/, String(Number(month)))
    .replace(/\bD\b/, String(Number(day)))
}

function typed(value: Json, { types }: Column): Json {
  if (typeof value !== 'string' || types.has('string') || types.size === 0) return value
  if (types.has('boolean')) return value === 'true'
  return types.has('number') && /^-?[0-9.]+$/.test(value) && value.length < 16 ? Number(value) : value
}

function textsOf(record: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value ?? '')]))
}

function put(record: Record<string, Json>, [step = '', ...rest]: string[], value: Json): void {
  if (rest.length === 0) {
    record[step] = value
    return
  }
  const inner = (record[step] ??= {}) as Record<string, Json>
  put(inner, rest, value)
}
