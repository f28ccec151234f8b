import type { PoolClient } from 'pg'
import type { BatchId, PersonId, RestrictionId, SubjectId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { readIdsOf } from '../subjects/erased/erased.sql.ts'
import { numbersOf } from '../subjects/erased/erased.ts'
import { noteChange } from '../subjects/marks.sql.ts'
import { deleteRestricted, insertRestricted } from '../subjects/restricted/restricted.sql.ts'
import { nameOfId, namesOfRecord } from '../subjects/restricted/restricted.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { followRedirects, readLivingIds, readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import { lockSubjects } from '../subjects/subjects.sql.ts'
import { openOwnRecords } from './relink.db.ts'
import { subjectRegister } from './subject-register.db.ts'

type HoldVault = Pick<Vault, 'open' | 'seal' | 'indexForms' | 'lastingText' | 'lastingOf' | 'indexOf' | 'useIndexKey'>

/** By what a restricted person is known again, as it is kept sealed: `keys` are the keyed hashes behind indexes, which last. */
export type KnownPerson = { subjects: SubjectId[]; keys: string[]; numbers: string[] }

/** A person whose data is restricted, and the batch by which BPS is told. */
export type HeldPerson = KnownPerson & { batch: BatchId }

/**
 * Restricts the data of a person from this transaction on, and opens the batch by which BPS is told. The person is known by every id,
 * by the keys of the records, and by the number. Undefined where no such person has records.
 */
export async function holdPerson(
  tx: PoolClient,
  vault: HoldVault,
  { person, restriction }: { person: PersonId; restriction: RestrictionId },
): Promise<HeldPerson | undefined> {
  await withIndexes(tx, vault)
  await lockSubjects(tx)
  const now = await followRedirects(tx, person)
  const rows = await readSources(tx, [now])
  if (rows.length === 0) return undefined
  const own = rows.map((row) => ({ row, record: openRecord(row, vault) }))
  const subjects = await readIdsOf(tx, now)
  const numbers = [...new Set(own.flatMap(({ record }) => numbersOf(record)))]
  const names = new Set([
    ...subjects.map(nameOfId),
    ...own.flatMap(({ row, record }) => namesOfRecord(row.key, record, vault)),
  ])
  await insertRestricted(tx, restriction, [...names], numbers.length > 0)
  const known = { subjects, keys: rows.map(({ key }) => vault.lastingOf(key)), numbers }
  return { ...known, batch: await tellAnew(tx, vault, known) }
}

/** Lifts the restriction of a person, and opens the batch by which BPS is told what it was not told meanwhile. */
export async function releasePerson(
  tx: PoolClient,
  vault: HoldVault,
  { restriction, known }: { restriction: RestrictionId; known: KnownPerson },
): Promise<BatchId> {
  await withIndexes(tx, vault)
  await lockSubjects(tx)
  await deleteRestricted(tx, restriction)
  return tellAnew(tx, vault, known)
}

/** Opens a batch that tells the person, whoever bears the number, and their families anew, as far as their lines are others by now. */
async function tellAnew(tx: PoolClient, vault: HoldVault, { subjects, keys, numbers }: KnownPerson): Promise<BatchId> {
  const ids = new Set((await readLivingIds(tx, subjects)).map(({ now }) => now))
  for (const { subject } of await readRecordsByKey(tx, keys.map(vault.indexOf))) ids.add(subject)
  for (const bearers of (await subjectRegister(vault).named(tx, 'individu', numbers)).values())
    for (const bearer of bearers) ids.add(bearer)
  const persons = await readSources(tx, [...ids])
  const families = await readSources(tx, [...new Set(persons.flatMap(({ family }) => family ?? []))])
  const batch = newId('bat')
  const records = [...new Set([...families, ...persons].map(({ key }) => key))]
  await openOwnRecords(tx, vault, { id: batch, kind: 'restriction' }, records)
  // Whoever has worked a chunk ahead did not know of it.
  await noteChange(tx, null)
  return batch
}
