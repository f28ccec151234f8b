import type { PoolClient } from 'pg'
import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import { readOvertaken } from '../../engine/chunks/order.sql.ts'
import { readKeysOfPlaces, readPlacesOfEntries } from '../../engine/withdrawals/places.sql.ts'
import { type PlacedRecord, readKeysAt, readMemberSources, readPlacedRecords } from '../subjects/removal.sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { WithdrawalTarget } from '../subjects/withdrawal.sql.ts'

/** A record that a line of a withdrawal takes away, and the key of the entry that it came in. */
export type GoneRecord = PlacedRecord & { takenBy: number; entry: Index | null }

/** What the lines of a withdrawal take away, and the key of the entry that each line is about. */
export type Standing = { gone: GoneRecord[]; entryOf: ReadonlyMap<number, Index> }

/**
 * The records that the targets name and that stand: none was stated again after `asOf`, a place in the order of receipt. Of an
 * entry as a whole a family's record that goes by another key stays while a person of the same dataset names the family.
 */
export async function findStanding(
  tx: PoolClient,
  targets: readonly WithdrawalTarget[],
  asOf: string,
): Promise<Standing> {
  const whole = await keysOfWhole(tx, targets)
  const lineOf = new Map<Index, number>()
  for (const { line, record, isWhole } of targets) if (record !== null && !isWhole) lineOf.set(record, line)
  for (const [key, line] of whole) if (!lineOf.has(key)) lineOf.set(key, line)
  const records = await readPlacedRecords(tx, [...lineOf.keys()])
  const keys = await readKeysOfPlaces(tx, records)
  const entryAt = new Map(keys.map(({ batch, line, entry }) => [`${batch} ${line}`, entry]))
  const overtaken = new Set(await readOvertaken(tx, asOf, [...new Set(keys.map(({ entry }) => entry))]))
  const entryOf = new Map<number, Index>()
  for (const { line, entry } of targets) if (entry !== null) entryOf.set(line, entry)
  const found: GoneRecord[] = []
  for (const record of records) {
    const takenBy = lineOf.get(record.key) ?? 0
    const entry = entryAt.get(`${record.batch} ${record.line}`) ?? null
    if (entry !== null && !entryOf.has(takenBy)) entryOf.set(takenBy, entry)
    const isLater = BigInt(record.receiptOrder) > BigInt(asOf) || (entry !== null && overtaken.has(entry))
    if (!isLater) found.push({ ...record, takenBy, entry })
  }
  const own = new Set(targets.flatMap(({ record, isWhole }) => (isWhole && record !== null ? [record] : [])))
  const shared = found.filter(({ key, subject }) => isFamily(subject) && whole.has(key) && !own.has(key))
  const kept = await keptFamilies(tx, shared, new Set(found.map(({ key }) => key)))
  return { gone: found.filter(({ key }) => !kept.has(key)), entryOf }
}

/** The records that came under the keys of whole entries, each with the line of the withdrawal. */
async function keysOfWhole(tx: PoolClient, targets: readonly WithdrawalTarget[]): Promise<Map<Index, number>> {
  const lineOf = new Map<Index, number>()
  for (const { line, entry, isWhole } of targets) if (isWhole && entry !== null) lineOf.set(entry, line)
  const places = await readPlacesOfEntries(tx, [...lineOf.keys()])
  const entryAt = new Map(places.map(({ batch, line, entry }) => [`${batch} ${line}`, entry]))
  const found = new Map<Index, number>()
  for (const { batch, line, key } of await readKeysAt(tx, places)) {
    found.set(key, lineOf.get(entryAt.get(`${batch} ${line}`) ?? '') ?? 0)
  }
  return found
}

/** The records of families that a person of the same platform and dataset, who stays, still names. */
async function keptFamilies(
  tx: PoolClient,
  shared: readonly GoneRecord[],
  going: ReadonlySet<Index>,
): Promise<Set<Index>> {
  const kept = new Set<Index>()
  const members = await readMemberSources(tx, [...new Set(shared.map(({ subject }) => subject as FamilyId))])
  for (const { key, subject, platform, dataset } of shared) {
    const isNamed = members.some(
      (member) =>
        member.family === subject &&
        member.platform === platform &&
        member.dataset === dataset &&
        !going.has(member.key),
    )
    if (isNamed) kept.add(key)
  }
  return kept
}

function isFamily(id: SubjectId): boolean {
  return id.startsWith('fam_')
}
