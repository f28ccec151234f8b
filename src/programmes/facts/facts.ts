import type { CanonicalRecord } from '../../domain/entry.ts'
import type { SubjectId } from '../../domain/ids.ts'
import { DECILE_LEVELS, type DecileLevel, type SubjectResult } from '../../domain/results/result.ts'
import type { Aid } from '../programme.ts'
import type { KnownHousehold, KnownSubject, RecordOrigin } from './household.ts'

/** Where a fact comes from; `derived` follows from other fields, as the province from the village. */
export type FactOrigin =
  | ({ source: 'records' } & RecordOrigin)
  | { source: 'results'; version: string; asOf: string; period?: string }
  | { source: 'derived' }

/** What the conditions of a programme are asked of: a household at one day, results laid over it. */
export type Facts = {
  family: CanonicalRecord
  /** The family, if it was reported, and its members. */
  records: readonly CanonicalRecord[]
  recordOf(self: KnownSubject): CanonicalRecord
  originOf(record: CanonicalRecord, field: string): FactOrigin | undefined
}

/** What facts are made by. */
export type FactRules = {
  aids: readonly Aid[]
  /** Codes that are no answer, by full key of the variable. */
  unanswered: ReadonlyMap<string, ReadonlySet<string>>
}

type Results = ReadonlyMap<SubjectId, SubjectResult>
type Overlay = Map<string, FactOrigin>

/** The canonical variable of a decile, by what it ranks over. */
const DECILE_FIELDS: Readonly<Record<DecileLevel, string>> = {
  national: 'desil_nasional',
  province: 'desil_provinsi',
  regency: 'desil_kabupaten_kota',
}
const REGION_DIGITS = { kode_provinsi: 2, kode_kabupaten_kota: 4, kode_kecamatan: 7, kode_kelurahan_desa: 10 } as const
/** Canonical code of a Yes and a No of `ya_tidak`, which the variables of aids have. */
const [YES, NO] = ['1', '2']

/** Lays results over golden records; each household is worked out once. */
export function factMaker(rules: FactRules, results: Results, day: string): (household: KnownHousehold) => Facts {
  const made = new WeakMap<KnownHousehold, Facts>()
  return (household) => {
    const known = made.get(household) ?? factsOf(household, rules, results, day)
    made.set(household, known)
    return known
  }
}

function factsOf(
  { id, family, members, place }: KnownHousehold,
  rules: FactRules,
  results: Results,
  day: string,
): Facts {
  const overlays = new Map<CanonicalRecord, Overlay>()
  const knownOf = new Map<CanonicalRecord, KnownSubject>()
  const recordOf = new Map<KnownSubject, CanonicalRecord>()
  const make = (level: 'keluarga' | 'individu', known: KnownSubject | undefined) => {
    const fields = answered(level, known?.fields ?? {}, rules)
    const record: CanonicalRecord = { level, key: '', path: '', fields }
    overlays.set(record, new Map())
    if (known !== undefined) {
      knownOf.set(record, known)
      recordOf.set(known, record)
    }
    return record
  }
  const set = (record: CanonicalRecord, field: string, value: string | number, origin: FactOrigin) => {
    record.fields[field] = value
    overlays.get(record)?.set(field, origin)
  }
  const familyRecord = make('keluarga', family)
  const memberRecords = members.map((member) => make('individu', member))
  for (const [field, digits] of Object.entries(REGION_DIGITS)) {
    if (place !== undefined && place.length >= digits && familyRecord.fields[field] === undefined)
      set(familyRecord, field, place.slice(0, digits), { source: 'derived' })
  }
  const of = (subject: SubjectId | null | undefined) => (subject ? results.get(subject) : undefined)
  const own = members.map(({ subject }) => of(subject))
  const told = [of(id), ...own].filter((result) => result !== undefined)
  for (const level of DECILE_LEVELS) {
    const decile = decileOf(level, of(id) === undefined ? told : [of(id)].filter((result) => result !== undefined))
    if (decile !== undefined) set(familyRecord, DECILE_FIELDS[level], decile.value, decile.origin)
  }
  for (const aid of rules.aids) {
    const held = told.find((result) => holds(result, aid, day))
    const stated = aid.stated === undefined ? undefined : familyRecord.fields[aid.stated]
    const variable = aidVariable(aid)
    if (held !== undefined) set(familyRecord, variable, YES, originOfResult(held))
    else if (stated === YES || stated === NO) {
      const origin = family?.originOf(aid.stated ?? '')
      set(
        familyRecord,
        variable,
        stated,
        origin === undefined ? { source: 'derived' } : { source: 'records', ...origin },
      )
    }
    for (const [at, result] of own.entries()) {
      const record = memberRecords[at]
      if (record !== undefined && result !== undefined && holds(result, aid, day))
        set(record, variable, YES, originOfResult(result))
    }
  }
  return {
    family: familyRecord,
    records: family === undefined ? memberRecords : [familyRecord, ...memberRecords],
    recordOf: (known) => recordOf.get(known) ?? familyRecord,
    originOf(record, field) {
      const laid = overlays.get(record)?.get(field)
      if (laid !== undefined) return laid
      const origin = knownOf.get(record)?.originOf(field)
      return origin && { source: 'records', ...origin }
    },
  }
}

/** The variable that says whether an aid is held. */
export function aidVariable({ name }: Pick<Aid, 'name'>): string {
  return `bantuan_${name}`
}

function answered(
  level: 'keluarga' | 'individu',
  fields: Readonly<Record<string, string | number>>,
  { unanswered }: FactRules,
): Record<string, string | number> {
  const kept: Record<string, string | number> = { ...fields }
  for (const [key, codes] of unanswered) {
    if (!key.startsWith(`${level}.`)) continue
    const field = key.slice(level.length + 1)
    const value = kept[field]
    if (value !== undefined && codes.has(String(value))) delete kept[field]
  }
  return kept
}

/** The decile of the newest result that has one; none where results of one day contradict each other. */
function decileOf(level: DecileLevel, results: readonly SubjectResult[]) {
  const found = results.flatMap((result) => {
    const decile = result.deciles.find((one) => one.level === level)
    return decile === undefined ? [] : [{ result, decile }]
  })
  const newest = found
    .map(({ result }) => result.asOf)
    .sort()
    .at(-1)
  const [first, ...others] = found.filter(({ result }) => result.asOf === newest)
  if (first === undefined || others.some(({ decile }) => decile.value !== first.decile.value)) return undefined
  const { result, decile } = first
  const origin: FactOrigin = {
    source: 'results',
    version: decile.version,
    asOf: result.asOf,
    period: decile.period,
  }
  return { value: decile.value, origin }
}

function holds({ memberships }: SubjectResult, aid: Aid, day: string): boolean {
  return memberships.some(
    ({ programme, from, to }) =>
      aid.memberships.includes(programme.toLowerCase()) && from <= day && (to === null || day <= to),
  )
}

function originOfResult({ version, asOf }: SubjectResult): FactOrigin {
  return { source: 'results', version, asOf }
}
