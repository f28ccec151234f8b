import type { FieldRule } from '../../clean/mapping/mapping.ts'
import type { Regions } from '../../clean/regions/regions.ts'
import { TitianError } from '../../domain/error.ts'
import { type Assigned, assign, isSensitive, type RecordLevel, type Seen } from './assign.ts'
import type { Draft, DraftBlock, DraftKey, DraftList, DraftRule } from './draft.ts'
import { draftRegion } from './draft-region.ts'
import { dateReading, draftRule, type RuleContext, signsOf } from './draft-rule.ts'
import { kindOf } from './infer.ts'
import { draftKey } from './key.ts'
import type { Knowledge } from './knowledge.ts'
import { nameParts, withNameParts } from './name-parts.ts'
import type { Sample, Table } from './sample.ts'
import { wordsOf } from './similar.ts'

/** Signs of a row that is about one person; a head of family has a name and a NIK in a family row, too. */
const OF_PERSONS = ['individu.jenis_kelamin', 'individu.tanggal_lahir', 'individu.status_hubungan_keluarga']
const TOLD_APART_BY = ['nama', 'tanggal_lahir', 'jenis_kelamin', 'status_hubungan_keluarga']
const MOST_NAMED = 20
const SURVEYED =
  'data pendataan mutakhir pemutakhiran update updated survei survey verifikasi kunjungan entri input diperbarui pembaruan'.split(
    ' ',
  )

/** A column that a variable was found for, with its rule. */
type Ruled = Assigned & { rule: DraftRule }
type Part = { table: Table; columns: Seen[] }
type Proposing = { dataset: string; knowledge: Knowledge; lists: DraftList[] }

/** Proposes a mapping of a sample to the canonical variables, by the names of its columns and the looks of their values. */
export function propose(sample: Sample, dataset: string, knowledge: Knowledge, regions: Regions): Draft {
  const [root, members] = sample.tables.map((table): Part => {
    return { table, columns: table.columns.map((column) => ({ ...column, kind: kindOf(column, regions) })) }
  })
  if (root === undefined) throw new Error('a sample has a table')
  const proposing = { dataset, knowledge, lists: [] }
  const blocks = members === undefined ? flatBlocks(root, proposing) : nestedBlocks(root, members, proposing)
  const empty = blocks.find(({ fields }) => fields.length === 0)
  if (empty !== undefined)
    throw new TitianError(
      'bad-request',
      `no column looks like a variable of ${empty.level} by its name. Rename the columns of a copy of the sample (nama, tanggal_lahir, jenis_kelamin, nomor_induk_kependudukan, nomor_kartu_keluarga, …: canonical/variables.json) and draft from it, then write the names of the file back into schema.json and mapping.yaml; or write the folder by hand (MAPPING.md)`,
    )
  return { blocks, lists: proposing.lists, referenceDate: surveyDate(root.columns), region: draftRegion(root.columns) }
}

/** One row, one subject; or one person whose row repeats the housing of the family. */
function flatBlocks(part: Part, proposing: Proposing): DraftBlock[] {
  const persons = assignNamed(part, ['individu'], proposing)
  const has = (keys: readonly string[]) => persons.some(({ variable }) => keys.includes(variable.key))
  const ask = askForLevel(part, persons)
  if (!has(OF_PERSONS) || !has(['individu.nama'])) {
    const family = draftBlock('keluarga', part, rule(part, ['keluarga'], proposing), proposing)
    return [{ ...family, asks: [ask(false), ...family.asks] }]
  }
  const ruled = rule(part, ['individu', 'keluarga'], proposing)
  const drafted = draftBlock('individu', part, ruled, proposing)
  const person = { ...drafted, asks: [ask(true), ...drafted.asks, ...askForMissing(drafted)] }
  const housing = ruled.filter(({ variable }) => variable.level === 'keluarga').map((one) => one.rule)
  if (housing.length === 0) return [person]
  const kk = housing.some(({ name }) => name === 'nomor_kartu_keluarga') ? [] : named(person, 'nomor_kartu_keluarga')
  const fields = [...kk, ...headOfRow(person), ...housing]
  const key = { ...person.key, ask: undefined }
  return [person, { ...emptyBlock('keluarga', key), household: person.household, fields }]
}

/** A family with its members in an array. */
function nestedBlocks(root: Part, members: Part, proposing: Proposing): DraftBlock[] {
  const each = members.table.each ?? ''
  const family = draftBlock('keluarga', root, rule(root, ['keluarga'], proposing), proposing)
  const member = draftBlock('individu', members, rule(members, ['individu'], proposing), proposing)
  member.asks.push(...askForMissing(member))
  const has = (block: DraftBlock, name: string) => named(block, name).length > 0
  const computed = (name: string, rule: FieldRule): DraftRule => ({ name, column: each, rule, ask: undefined })
  const [kk] = named(family, 'nomor_kartu_keluarga')
  if (kk !== undefined && !has(member, kk.name))
    member.fields.unshift(computed(kk.name, { from: `/${kk.column}`, as: 'no-kk' }))
  if (!has(family, 'jumlah_anggota_keluarga')) family.fields.push(computed('jumlah_anggota_keluarga', { count: each }))
  if (has(member, 'status_hubungan_keluarga') && has(member, 'nama') && !has(family, 'nama_anggota_keluarga'))
    family.fields.push(computed('nama_anggota_keluarga', { head: 'nama' }))
  const household = (key: string) => ({ scheme: proposing.dataset, key })
  const { column } = family.key
  if (column === undefined) return [family, { ...member, each }]
  return [
    { ...family, household: household(column) },
    { ...member, each, household: household(`/${column}`) },
  ]
}

function assignNamed(
  { columns }: Part,
  levels: RecordLevel[],
  { knowledge }: Proposing,
): ReturnType<typeof withNameParts> {
  const assigned = assign(columns, levels, knowledge)
  return levels.includes('individu') ? withNameParts(nameParts(columns, assigned), assigned, knowledge) : assigned
}

function rule(part: Part, levels: RecordLevel[], proposing: Proposing): Ruled[] {
  const { knowledge, lists } = proposing
  const assigned = assignNamed(part, levels, proposing)
  const age = assigned.find(({ variable }) => variable.key === 'individu.umur')?.column.name
  const context: RuleContext = { knowledge, lists, age }
  return assigned.flatMap((one) => {
    const drafted = one.rule ?? draftRule(one, context)
    return drafted === undefined ? [] : { ...one, rule: drafted }
  })
}

function draftBlock(
  level: RecordLevel,
  { table, columns: all }: Part,
  ruled: readonly Ruled[],
  { dataset }: Proposing,
): DraftBlock {
  const others = ruled.flatMap((one) => one.rule.others ?? [])
  const columns = all.filter(({ name }) => !others.includes(name))
  const key = draftKey(level, table, columns, ruled)
  const household = key.household?.isSure === true ? key.household.column : undefined
  const doubtful = key.household?.isSure === false ? key.household.column : undefined
  const used = new Set([...ruled.map(({ column }) => column.name), key.column, household])
  const rest = columns.filter(({ name }) => !used.has(name))
  const head = level === 'keluarga' ? rest.find(({ name, kind }) => kind.is === 'number16' && isNik(name)) : undefined
  const isLeftOut = ({ name, kind }: Seen) => isSensitive(name) || kind.is === 'objects'
  const carried = rest.filter((column) => column !== head)
  return {
    ...emptyBlock(level, key),
    asks: household === undefined ? [] : [askForSureHousehold(household, table)],
    headNik: head?.name,
    household: household === undefined ? undefined : { scheme: dataset, key: household },
    fields: ruled.filter(({ variable }) => variable.level === level).map((one) => one.rule),
    extensions: carried
      .filter((column) => !isLeftOut(column))
      .map((column) => ({
        ...extensionOf(column),
        ...(column.name === doubtful && { ask: askForHousehold(column.name, dataset) }),
      })),
    ignore: carried.filter(isLeftOut).map(({ name, kind }) => ({ column: name, ask: reasonToIgnore(name, kind) })),
  }
}

function emptyBlock(level: RecordLevel, { key, column, ask }: DraftKey): DraftBlock {
  return {
    level,
    asks: [],
    each: undefined,
    key: { key, column, ask },
    household: undefined,
    headNik: undefined,
    fields: [],
    extensions: [],
    ignore: [],
  }
}

function named({ fields }: DraftBlock, name: string): DraftRule[] {
  return fields.filter((field) => field.name === name).map((field) => ({ ...field, ask: undefined }))
}

/** Of a row that is about a person, the name is the head's where the relation says so. */
function headOfRow(block: DraftBlock): DraftRule[] {
  const [name] = named(block, 'nama')
  const [relation] = named(block, 'status_hubungan_keluarga')
  if (name === undefined || relation?.head === undefined) return []
  const when = { [relation.column]: relation.head }
  const rule = { ...(typeof name.rule === 'string' ? { from: name.column, as: 'name' } : name.rule), when }
  return [{ ...name, name: 'nama_anggota_keluarga', rule }]
}

function extensionOf({ name, kind }: Seen): DraftRule {
  const carried = (rule: string | FieldRule, ask?: string): DraftRule => ({ name, column: name, rule, ask })
  if (kind.is === 'number' && !kind.whole && !kind.json) return carried({ from: name, as: 'number', ...signsOf(kind) })
  if (kind.is === 'date' && !kind.twoDigits) return carried(dateReading(name, kind))
  if (kind.is === 'date')
    return carried(name, `the years of ${name} have two digits: which century? (century: 2000, or { age: COLUMN })`)
  if (kind.is === 'number16')
    return carried(name, `${name} holds numbers of 16 digits: a NIK, a No. KK (then map it), or another key?`)
  if (kind.is === 'several')
    return carried(
      name,
      `${name} holds several answers with ${kind.separator} between: which variables do they answer? (as: list)`,
    )
  if (kind.is === 'list') return carried(name, `${name} is a list: does it answer variables? (as: list)`)
  return carried(name)
}

function askForHousehold(name: string, dataset: string): string {
  return `does ${name} join the members of one family? Its values are small numbers, or come again in rows far apart, as those of a house number do, which joins strangers. If it does: household: { scheme: ${dataset}, key: ${name} }`
}

/** Why a row is taken as a person or a family: the columns that say so, and how many rows share a No. KK. */
function askForLevel({ table, columns }: Part, persons: readonly Assigned[]): (isPerson: boolean) => string {
  const signs = persons.filter(({ variable }) => OF_PERSONS.includes(variable.key)).map(({ column }) => column.name)
  const card = columns.find(({ name, kind }) => kind.is === 'number16' && wordsOf(name).includes('kartu'))
  const shared =
    card === undefined ? '' : ` ${card.name} has ${new Set(card.values).size} different values in ${table.rows} rows.`
  return (isPerson) =>
    isPerson
      ? `is one row one person? ${signs.join(', ')} say so.${shared}`
      : `is one row one family? No column looks like sex, birth date or relation of a person.${shared}`
}

/** What people are told apart by, where no column looks like it: it may lie among the extensions, where nobody compares it. */
function askForMissing({ fields, extensions }: DraftBlock): string[] {
  const missing = TOLD_APART_BY.filter((name) => !fields.some((field) => field.name === name))
  if (missing.length === 0 || extensions.length === 0) return []
  return [
    `no column looks like ${missing.join(' or ')}. Is one of ${extensions
      .map(({ name }) => name)
      .slice(0, MOST_NAMED)
      .join(', ')}?`,
  ]
}

function askForSureHousehold(name: string, { rows, columns }: Table): string {
  const values = columns.find((column) => column.name === name)?.values ?? []
  return `does ${name} join the members of one family? It has ${new Set(values).size} different values in ${rows} rows, which stand together`
}

function reasonToIgnore(name: string, kind: Seen['kind']): string {
  return kind.is === 'objects'
    ? `${name} holds a further array of objects, which a draft does not read. If it holds families or their members, write its block by hand (each: ARRAY[].ARRAY in MAPPING.md); else carry it in a dataset of its own?`
    : `${name} is left out: sensitive, and asked for by no variable. Carry it only with a reason`
}

function isNik(name: string): boolean {
  return wordsOf(name).includes('kependudukan')
}

function surveyDate(columns: readonly Seen[]): DraftRule | undefined {
  for (const { name, kind } of columns) {
    if (kind.is !== 'date' || !wordsOf(name).some((word) => SURVEYED.includes(word))) continue
    const century = kind.twoDigits ? { century: 2000 } : {}
    const rule = { ...dateReading(name, kind), ...century }
    return { name: 'referenceDate', column: name, rule, ask: `is ${name} the day that ages and answers refer to?` }
  }
  return undefined
}
