import type { CanonicalRecord } from '../../../domain/entry.ts'
import { dayNumber } from '../calendar.ts'
import { decidedBy, type Predicate } from './predicate.ts'

type Records = readonly CanonicalRecord[]

/** Unknown while a member without an answer could still be the one. */
function oneMemberWith(records: Records, field: string, code: string): boolean | undefined {
  let [found, empty] = [0, 0]
  for (const { level, fields } of records) {
    if (level !== 'individu') continue
    if (fields[field] === code) found++
    else if (fields[field] === undefined) empty++
  }
  if (found === 1 || found > 1 || empty === 0) return found === 1
  return undefined
}

function membersSent(records: Records, stated?: number): boolean | undefined {
  if (stated === undefined) return undefined
  let sent = 0
  for (const { level } of records) if (level === 'individu') sent++
  return sent === stated
}

function uniqueInFamily(records: Records, record: CanonicalRecord, field: string): boolean | undefined {
  const value = record.fields[field]
  if (value === undefined) return undefined
  for (const other of records) {
    if (other !== record && other.level === 'individu' && other.fields[field] === value) return false
  }
  return true
}

function youngerThanHead(head?: CanonicalRecord, born?: string, years = 0): boolean | undefined {
  const headBorn = head?.fields.tanggal_lahir
  if (born === undefined || headBorn === undefined) return undefined
  return dayNumber(born) - dayNumber(String(headBorn)) >= years * 10_000
}

/** Tests over the members of one family; evaluated only where an entry carries them all. */
export const FAMILY_PREDICATES = {
  one_member_with: {
    summary: 'exactly one member has this code',
    roles: ['member'],
    settings: { code: 'text' },
    members: true,
    code: (emit) =>
      decidedBy(emit, oneMemberWith, [emit.records, emit.name('member'), JSON.stringify(emit.setting('code'))]),
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
    code: (emit) => decidedBy(emit, uniqueInFamily, [emit.records, emit.record, emit.name('member')]),
  },
  younger_than_head: {
    summary: 'is at least so many years younger than the head of the family',
    roles: ['date'],
    settings: { years: 'number' },
    members: true,
    code: (emit) =>
      decidedBy(emit, youngerThanHead, [emit.head, emit.value('date'), String(Number(emit.setting('years')))]),
  },
} as const satisfies Record<string, Predicate>
