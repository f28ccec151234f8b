import type { FieldRule } from '../../clean/mapping/mapping.ts'
import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import type { Variable } from '../../language/canonical.ts'
import type { Assigned, Seen } from './assign.ts'
import type { DraftList, DraftRule } from './draft.ts'
import { draftList } from './draft-list.ts'
import { countsOf, type Kind } from './infer.ts'
import type { Knowledge } from './knowledge.ts'

export type RuleContext = {
  knowledge: Knowledge
  /** A column with the age in years, for birth dates of two digits. */
  age: string | undefined
  lists: DraftList[]
}

const SURE = 0.9
const IN_PLACE = 4
const NAMES = ['nama', 'nama_anggota_keluarga']

/** Drafts the rule that fills a variable from a column; undefined when the column cannot be read without a decision. */
export function draftRule({ column, variable, score }: Assigned, context: RuleContext): DraftRule | undefined {
  const drafted = ruleFor(column, variable, context)
  if (drafted === undefined) return undefined
  const guess =
    score < SURE ? `is ${column.name} ${variable.label_id ?? variable.name}? It was only found by its name` : undefined
  return { name: variable.name, column: column.name, ...drafted, ask: guess ?? drafted.ask }
}

type Drafted = { rule: string | FieldRule; ask?: string | undefined; head?: string | undefined }

function ruleFor(column: Seen, variable: Variable, context: RuleContext): Drafted | undefined {
  const { name: from, kind } = column
  if (variable.name === 'nomor_induk_kependudukan' || variable.name === 'nomor_kartu_keluarga') {
    const as = variable.name === 'nomor_kartu_keluarga' ? 'no-kk' : 'nik'
    const ask = column.types.has('number')
      ? `${from} comes as a JSON number, which loses digits: have it sent as text`
      : undefined
    return { rule: { from, as }, ask }
  }
  if (variable.type === 'date') return dateRule(from, kind, context.age)
  if (variable.type === 'integer') return integerRule(from, kind)
  if (variable.type === 'code') return codeRule(column, variable, context)
  return { rule: NAMES.includes(variable.name) ? { from, as: 'name' } : from }
}

function dateRule(from: string, kind: Kind, age: string | undefined): Drafted | undefined {
  if (kind.is !== 'date') return undefined
  const { twoDigits } = kind
  if (!twoDigits) return { rule: dateReading(from, kind), ask: askForZone(from, kind) }
  if (age === undefined) return undefined
  const ask = `the years of ${from} have two digits: the century is taken from ${age}, which needs a reference date`
  return { rule: { ...dateReading(from, kind), century: { age } }, ask }
}

/** How a column of dates is read; an instant becomes the day in western Indonesia unless somebody says otherwise. */
export function dateReading(from: string, { formats, isInstant }: Extract<Kind, { is: 'date' }>): FieldRule {
  const [format = '', ...others] = formats
  return {
    from,
    as: 'date',
    format: others.length === 0 ? format : formats,
    ...(isInstant && { zone: 'Asia/Jakarta' }),
  }
}

function askForZone(from: string, { isInstant }: Extract<Kind, { is: 'date' }>): string | undefined {
  return isInstant
    ? `${from} holds instants: in which time zone is the day meant (Asia/Jakarta, Asia/Makassar, Asia/Jayapura)?`
    : undefined
}

function integerRule(from: string, kind: Kind): Drafted | undefined {
  if (kind.is !== 'number') return undefined
  if (kind.whole) return { rule: { from, as: 'integer' } }
  const ask = `${from} has fractions and the variable counts whole: cut off (round: down) or round: half-up?`
  return { rule: { from, as: 'integer', ...signsOf(kind), round: 'down' }, ask }
}

/** The signs of a number, where they are not the usual ones. */
export function signsOf({ decimal, thousands }: Extract<Kind, { is: 'number' }>): Record<string, string> {
  return { ...(decimal === ',' && { decimal }), ...(thousands && { thousands: '.' }) }
}

function codeRule(column: Seen, variable: Variable, { knowledge, lists }: RuleContext): Drafted | undefined {
  const { name: from, kind } = column
  const isYesNo = variable.codelist?.startsWith('ya_tidak') === true
  if (kind.is === 'boolean') return isYesNo ? { rule: { from, as: 'boolean' } } : undefined
  if (kind.is === 'yes-no' && isYesNo) {
    const ask = kind.sure ? undefined : askForSigns(column, kind.pair)
    return { rule: { from, as: 'yes-no', pair: kind.pair }, ask }
  }
  const list = draftList(slugOf(from, lists), column, variable, knowledge)
  if (list === undefined) return undefined
  const isRelation = variable.key === 'individu.status_hubungan_keluarga'
  const head = isRelation ? list.rows.find(({ entry }) => entry === HEAD_OF_FAMILY)?.label : undefined
  if (list.rows.length <= IN_PLACE && list.left === 0 && !list.rows.some(({ isOpen }) => isOpen)) {
    const codes = Object.fromEntries(list.rows.map(({ label, entry }) => [label, entry]))
    return { rule: { from, codes }, head }
  }
  lists.push(list)
  const open = list.rows.filter(({ isOpen }) => isOpen).length
  const said = [
    ...(open > 0 ? [`${open} rows are open`] : []),
    ...(list.left > 0 ? [`${list.left} values that stand once each are not written`] : []),
  ]
  const ask = said.length === 0 ? undefined : `see codes/${list.name}.yaml: ${said.join(', ')}`
  return { rule: { from, codes: list.name }, ask, head }
}

/** What the signs of a column may mean, with how often each stands in the sample. */
function askForSigns({ name, values }: Seen, pair: string): string {
  const counts = countsOf(values.map((value) => value.toUpperCase()))
  const seen = [...counts].map(([value, count]) => `${value} ${count} times`).join(', ')
  const hyphen = pair.endsWith('/-') ? ', or does - (or an empty cell: absent) say that nobody asked?' : '?'
  return `are ${pair.replace('/', ' and ')} yes and no in ${name}, in this order${hyphen} In the sample: ${seen}`
}

function slugOf(column: string, lists: readonly DraftList[]): string {
  const slug =
    column
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'list'
  const taken = lists.filter(({ name }) => name === slug || name.startsWith(`${slug}-`)).length
  return taken === 0 ? slug : `${slug}-${taken + 1}`
}
