import type { PoolClient } from 'pg'
import type { BatchId, ErasureId, FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import { closeWithdrawalBatch, openWithdrawalBatch, readAsOf } from '../../engine/withdrawals/withdrawal-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import type { KeptRecord } from '../compare/features.ts'
import { insertErased, readIdsOf } from '../subjects/erased/erased.sql.ts'
import { erasedIndex, numbersOf } from '../subjects/erased/erased.ts'
import { noteChange } from '../subjects/marks.sql.ts'
import { type PlacedRecord, readPlacedRecords } from '../subjects/removal.sql.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { followRedirects, readSources } from '../subjects/source.sql.ts'
import type { Index } from '../subjects/subject.ts'
import { lockSubjects } from '../subjects/subjects.sql.ts'
import { insertTargets, insertWithdrawal } from '../subjects/withdrawal.sql.ts'

/** What was known of a person whose records are being taken away. */
export type TakenPerson = {
  /** Every id that the person ever had. */
  subjects: SubjectId[]
  families: FamilyId[]
  /** Keys of the records, those of families that name the person included. */
  keys: Index[]
  /** Where the latest state of each record came from. */
  places: { batch: BatchId; line: number }[]
  numbers: string[]
  /** The batches that take the records away. */
  batches: BatchId[]
}

type Taken = { row: PlacedRecord; record: KeptRecord }

/**
 * Takes a person's records away, and those of families that name the person as their head, by a withdrawal for each dataset; and
 * keeps by which indexes the person is known again. Undefined where no such person has records.
 */
export async function takePerson(
  tx: PoolClient,
  vault: Pick<Vault, 'open' | 'indexText' | 'useIndexKey'>,
  { person, erasure, by }: { person: PersonId; erasure: ErasureId; by: string },
): Promise<TakenPerson | undefined> {
  await withIndexes(tx, vault)
  await lockSubjects(tx)
  const now = await followRedirects(tx, person)
  const own = await openAll(tx, vault, [now])
  if (own.length === 0) return undefined
  const numbers = [...new Set(own.flatMap(({ record }) => numbersOf(record)))]
  const families = [...new Set(own.flatMap(({ row }) => row.family ?? []))]
  const names = new Set(own.flatMap(({ record }) => record.fields.nama ?? []))
  const naming = (await openAll(tx, vault, families)).filter(({ record }) => isNamedBy(record, numbers, names))
  const index = vault.indexText
  const [keys, taken] = [own.map(({ row }) => row.key), [...own, ...naming]]
  const known = [...keys, ...numbers.map((number) => erasedIndex(number, index))]
  await insertErased(tx, erasure, known, numbers.length > 0)
  const batches: BatchId[] = []
  for (const group of Map.groupBy(taken, ({ row }) => `${row.platform}|${row.dataset}`).values())
    batches.push(await withdrawAll(tx, group, by))
  // Whoever has worked a chunk ahead did not know that the person is erased.
  await noteChange(tx, null)
  return {
    subjects: await readIdsOf(tx, now),
    families,
    keys: taken.map(({ row }) => row.key),
    places: taken.map(({ row: { batch, line } }) => ({ batch, line })),
    numbers,
    batches,
  }
}

async function openAll(tx: PoolClient, vault: Pick<Vault, 'open'>, ids: readonly SubjectId[]): Promise<Taken[]> {
  const keys = (await readSources(tx, ids)).map(({ key }) => key)
  return (await readPlacedRecords(tx, keys)).map((row) => ({ row, record: openRecord(row, vault) }))
}

/** Whether a family's record names the person as its head. */
function isNamedBy(record: KeptRecord, numbers: readonly string[], names: ReadonlySet<string | number>): boolean {
  const { nama_anggota_keluarga: head } = record.fields
  return numbersOf(record).some((number) => numbers.includes(number)) || (head !== undefined && names.has(head))
}

/** Opens a withdrawal of records of one dataset, a line for each. */
async function withdrawAll(tx: PoolClient, group: readonly Taken[], by: string): Promise<BatchId> {
  const [first] = group
  if (first === undefined) throw new Error('a dataset without records')
  const { platform, dataset } = first.row
  const of = { id: newId('bat'), platform, dataset }
  await openWithdrawalBatch(tx, of)
  await insertWithdrawal(tx, { ...of, batch: of.id, reason: 'erasure', about: null, named: null, requestedBy: by })
  await closeWithdrawalBatch(tx, of, { entries: group.length, newChunk: () => newId('chk') })
  const targets = group.map(({ row: { key } }, at) => ({ line: at + 1, entry: null, record: key, isWhole: false }))
  await insertTargets(tx, of.id, await readAsOf(tx, of.id), targets)
  return of.id
}
