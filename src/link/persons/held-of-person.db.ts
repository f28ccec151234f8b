import type { BatchId, FamilyId, PersonId, ReviewId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { KeptRecord } from '../compare/features.ts'
import { reviewsAbout } from '../review/review.sql.ts'
import { readIdsOf } from '../subjects/erased/erased.sql.ts'
import { numbersOf } from '../subjects/erased/erased.ts'
import { mergeGolden } from '../subjects/merge.ts'
import { readPlacedRecords } from '../subjects/removal.sql.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { followRedirects, readSources } from '../subjects/source.sql.ts'
import type { Index } from '../subjects/subject.ts'
import type { Survivorship } from '../subjects/survivorship.ts'

/** A source record of a person or of the family, with where its latest state came from. */
type HeldSource = {
  index: Index
  platform: string
  dataset: string
  batch: BatchId
  line: number
  record: KeptRecord
}

/** What the register holds of one person: own records, those of the family, and what they were merged to. */
export type HeldOfPerson = {
  /** Every id that the person ever had, the present one first. */
  subjects: SubjectId[]
  families: FamilyId[]
  records: HeldSource[]
  ofFamily: HeldSource[]
  merged: Record<string, string | number>
  /** Possible matches that a steward was asked about, or decided. */
  reviews: ReviewId[]
}

/**
 * Opens all that is held of a person; undefined where nothing is. A family's record is given without the head that it names, unless
 * that is the person: it would tell of somebody else.
 */
export async function heldOfPerson(
  db: Db,
  { vault, survivorship }: { vault: Pick<Vault, 'open'>; survivorship: Survivorship },
  person: PersonId,
): Promise<HeldOfPerson | undefined> {
  const now = await followRedirects(db, person)
  const records = await openAll(db, vault, [now])
  if (records.length === 0) return undefined
  const families = [...new Set(records.flatMap(({ family }) => family ?? []))]
  const numbers = new Set(records.flatMap(({ record }) => numbersOf(record)))
  const names = new Set(records.flatMap(({ record }) => record.fields.nama ?? []))
  const ofFamily = (await openAll(db, vault, families)).map((source) => {
    const { nama_anggota_keluarga: head, ...fields } = source.record.fields
    const isOwn =
      numbersOf(source.record).some((number) => numbers.has(number)) || (head !== undefined && names.has(head))
    return isOwn ? source : { ...source, record: { ...source.record, fields } }
  })
  const ids = await readIdsOf(db, now)
  const keys = records.map(({ index }) => index)
  return {
    subjects: [now, ...ids.filter((id) => id !== now)],
    families,
    records,
    ofFamily,
    merged: mergeGolden(
      records.map((source) => ({ ...source, key: source.index })),
      survivorship,
    ).record,
    reviews: await reviewsAbout(db, keys),
  }
}

async function openAll(
  db: Db,
  vault: Pick<Vault, 'open'>,
  ids: readonly SubjectId[],
): Promise<(HeldSource & { family: FamilyId | null })[]> {
  const keys = (await readSources(db, ids)).map(({ key }) => key)
  return (await readPlacedRecords(db, keys)).map((row) => ({
    index: row.key,
    platform: row.platform,
    dataset: row.dataset,
    batch: row.batch,
    line: row.line,
    family: row.family,
    record: openRecord(row, vault),
  }))
}
