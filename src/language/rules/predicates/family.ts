import type { CanonicalRecord } from '../../../domain/entry.ts'
import { dayNumber } from '../../calendar.ts'
import { decidedBy, type Emit, type Predicate } from './predicate.ts'

type Records = readonly CanonicalRecord[]

const FEW = 16

/** Reads one field; a function of its own keeps its own cache of where records have it. */
function reader(field: string, emit: Emit): (record: CanonicalRecord) => string | number | undefined {
  const body = `return (record) => record.fields[${JSON.stringify(field)}]`
  return emit.compile(`read/${field}`, {}, body) as ReturnType<typeof reader>
}

/** Unknown while a member without an answer could still be the one. */
function oneMemberWith(field: string, code: string, emit: Emit) {
  const read = reader(field, emit)
  return (records: Records): boolean | undefined => {
    let found = 0
    let empty = 0
    for (const record of records) {
      if (record.level !== 'individu') continue
      const value = read(record)
      if (value === code) found++
      else if (value === undefined) empty++
    }
    if (found === 1 || found > 1 || empty === 0) return found === 1
    return undefined
  }
}

/** Holds with none, unlike `oneMemberWith`: a family without a spouse is one. */
function atMostOneWith(field: string, code: string, emit: Emit) {
  const read = reader(field, emit)
  return (records: Records): boolean => {
    let found = 0
    for (const record of records) if (record.level === 'individu' && read(record) === code) found++
    return found < 2
  }
}

function membersSent(records: Records, stated?: number): boolean | undefined {
  if (stated === undefined) return undefined
  let sent = 0
  for (const { level } of records) if (level === 'individu') sent++
  return sent === stated
}

function uniqueInFamily(field: string, emit: Emit) {
  const read = reader(field, emit)
  // The members of an entry are asked one after the other: their values are counted for the first of them.
  let counted: Records | undefined
  let counts = new Map<string | number, number>()
  return (records: Records, record: CanonicalRecord, value?: string | number): boolean | undefined => {
    if (value === undefined) return undefined
    if (records.length <= FEW) return isAlone(records, record, value, read)
    if (counted !== records) {
      counted = records
      counts = countsOf(records, read)
    }
    return counts.get(value) === 1
  }
}

/** For a family of the usual size, looking at each member is cheaper than counting. */
function isAlone(records: Records, record: CanonicalRecord, value: string | number, read: ReturnType<typeof reader>) {
  for (const other of records) {
    if (other !== record && other.level === 'individu' && read(other) === value) return false
  }
  return true
}

function countsOf(records: Records, read: ReturnType<typeof reader>): Map<string | number, number> {
  const counts = new Map<string | number, number>()
  for (const record of records) {
    const value = record.level === 'individu' ? read(record) : undefined
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return counts
}

function youngerThanHead(born: number, head?: CanonicalRecord, years = 0): boolean | undefined {
  const headBorn = dayNumber(head?.fields.tanggal_lahir as string | undefined)
  return Number.isNaN(born + headBorn) ? undefined : born - headBorn >= years * 10_000
}

/** Tests over the members of one family; evaluated only where an entry carries them all. */
export const FAMILY_PREDICATES = {
  one_member_with: {
    summary: 'exactly one member has this code',
    roles: ['member'],
    settings: { code: 'text' },
    members: true,
    code: (emit) =>
      decidedBy(emit, oneMemberWith(emit.name('member'), String(emit.setting('code')), emit), [emit.records]),
  },
  at_most_one_with: {
    summary: 'no more than one member has this code',
    roles: ['member'],
    settings: { code: 'text' },
    members: true,
    code: (emit) =>
      decidedBy(emit, atMostOneWith(emit.name('member'), String(emit.setting('code')), emit), [emit.records]),
  },
  members_sent: {
    summary: 'the number of members in the entry is the number stated',
    roles: ['stated'],
    settings: {},
    members: true,
    code: (emit) => decidedBy(emit, membersSent, [emit.records, emit.value('stated')]),
  },
  unique_in_family: {
    summary: 'no other member of the family has the same value',
    roles: ['member'],
    settings: {},
    members: true,
    code: (emit) =>
      decidedBy(emit, uniqueInFamily(emit.name('member'), emit), [emit.records, emit.record, emit.value('member')]),
  },
  younger_than_head: {
    summary: 'is at least so many years younger than the head of the family',
    roles: ['date'],
    settings: { years: 'number' },
    members: true,
    code: (emit) =>
      decidedBy(emit, youngerThanHead, [emit.dayNumber('date'), emit.head, String(Number(emit.setting('years')))]),
  },
} as const satisfies Record<string, Predicate>
