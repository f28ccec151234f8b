import type { SubjectId } from '../../domain/ids.ts'
import { sourceKey } from '../../domain/keys.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { followRedirects, readRecordsByKey, readSources } from '../subjects/source.sql.ts'
import type { StoredRecord } from '../subjects/source-record.ts'
import type { Index } from '../subjects/subject.ts'
import type { RecordReference } from './link-shapes.ts'

/** The blind indexes under which a person's source record may lie: one, or two while the index key rotates. */
function indexesOf({ platform, dataset, source_key }: RecordReference, vault: Pick<Vault, 'indexForms'>): Index[] {
  const forms = vault.indexForms('key', sourceKey(platform, dataset, 'individu', source_key))
  return forms.map((form) => form.toString('hex'))
}

/** The key index under which a person's source record lies; of one that is not there, what it would be. */
export async function storedKeyOf(
  db: Db,
  reference: RecordReference,
  vault: Pick<Vault, 'indexForms'>,
): Promise<Index> {
  const forms = indexesOf(reference, vault)
  const [row] = await readRecordsByKey(db, forms)
  return row?.key ?? forms[0] ?? ''
}

/** A person, as it is known by now, with its source records; undefined when there is none. */
export async function readPerson(db: Db, id: SubjectId): Promise<{ id: SubjectId; rows: StoredRecord[] } | undefined> {
  const now = await followRedirects(db, id)
  const rows = await readSources(db, [now])
  return rows.length === 0 ? undefined : { id: now, rows }
}

/** The source records that a reference means: one, or all of a person. */
export async function readReferred(
  db: Db,
  reference: RecordReference | { person: SubjectId },
  vault: Pick<Vault, 'indexForms'>,
): Promise<StoredRecord[]> {
  if ('person' in reference) return (await readPerson(db, reference.person))?.rows ?? []
  return readRecordsByKey(db, indexesOf(reference, vault))
}
