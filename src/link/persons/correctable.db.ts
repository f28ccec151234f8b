import type { PersonId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { KeptRecord } from '../compare/features.ts'
import { openRecord } from '../subjects/sealed-record/open-record.db.ts'
import { followRedirects, readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import type { Index } from '../subjects/subject.ts'

/** A record that its source may be asked to correct; `content` is a blind index of all that it says. */
export type Correctable = { index: Index; content: Index; platform: string; dataset: string; record: KeptRecord }

/** The source records of a person. */
export async function correctableOf(db: Db, vault: Pick<Vault, 'open'>, person: PersonId): Promise<Correctable[]> {
  const rows = await readSources(db, [await followRedirects(db, person)])
  return rows.map((row) => ({ ...row, index: row.key, record: openRecord(row, vault) }))
}

/** The records of these keys as they are now; those that are gone are left out. */
export async function correctableAt(
  db: Db,
  vault: Pick<Vault, 'open'>,
  keys: readonly Index[],
): Promise<Correctable[]> {
  const rows = await readRecordsByKey(db, keys)
  return rows.map((row) => ({ ...row, index: row.key, record: openRecord(row, vault) }))
}
