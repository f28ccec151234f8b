import type { BatchId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { either, gatheredFirst } from '../../io/postgres/table-form.ts'

/** Where an entry stands: its batch and its line there. */
export type EntryPlace = { batch: BatchId; line: number }

/** Every place where an entry of one of these keys was pushed, whatever became of it. */
export async function readPlacesOfEntries(
  db: Db,
  entries: readonly string[],
): Promise<(EntryPlace & { entry: string })[]> {
  if (entries.length === 0) return []
  const whole = sql`
    select given.entry, e.batch, e.line
    from unnest(${entries}::text[]) as given(entry)
    cross join lateral (select batch, line from entry where key_index = decode(given.entry, 'hex') offset 0) e`
  const distributed = () => sql`
    select encode(key_index, 'hex') as entry, batch, line
    from entry where key_index = any(${entries.map((entry) => Buffer.from(entry, 'hex'))}::bytea[])`
  const { rows } = await db.query<EntryPlace & { entry: string }>(either(whole, distributed))
  return rows
}

/** The keys of the entries at these places; an entry without a readable key is left out. */
export async function readKeysOfPlaces(
  db: Db,
  places: readonly EntryPlace[],
): Promise<(EntryPlace & { entry: string })[]> {
  if (places.length === 0) return []
  const { rows } = await db.query<EntryPlace & { entry: string }>(sql`
    select e.batch, e.line, encode(e.key_index, 'hex') as entry
    from unnest(${places.map(({ batch }) => batch)}::text[], ${places.map(({ line }) => line)}::integer[])
      as given(batch, line)
    join entry e on e.batch = given.batch and e.line = given.line
    where e.key_index is not null`)
  return rows
}

/** Whether an entry of this key was ever pushed. */
export async function isEntryKnown(db: Db, entry: string): Promise<boolean> {
  const { rows } = await db.query<{ known: boolean }>(
    gatheredFirst(
      sql`
    select exists (
      select from entry e join batch b on b.id = e.batch
      where e.key_index = decode(${entry}, 'hex') and b.kind = 'push') as known`,
      { entry: `select distinct batch, key_index from public.entry where key_index = decode($1, 'hex')` },
    ),
  )
  return rows[0]?.known ?? false
}
