import type { PoolClient } from 'pg'
import type { UploadId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { UploadWish } from './metadata.ts'
import type { UploadRow } from './upload.ts'

/** Limits of one platform's unfinished uploads: how many, and how many bytes they may announce together. */
export type OpenLimits = { count: number; bytes: number }

/** Begins an upload; false when the platform has too many unfinished ones, or too many bytes in them. */
export async function insertUpload(
  db: Db,
  upload: UploadWish & { id: UploadId; platform: string; actor: string; length: number },
  most: OpenLimits,
): Promise<boolean> {
  const { id, platform, actor, length, dataset, mediaType, encoding, mode, key, sha256, submission, file } = upload
  const { rowCount } = await db.query(sql`
    insert into upload (id, platform, actor, length, dataset, media_type, encoding, mode, key, sha256, submission, file)
    select ${id}, ${platform}, ${actor}, ${length}, ${dataset}, ${mediaType}, ${encoding}, ${mode}, ${key ?? id}, ${sha256},
      ${submission}, ${file}
    from (
      select count(*) as uploads, coalesce(sum(length), 0) as bytes
      from upload where platform = ${platform} and state in ('open', 'whole')) as now
    where now.uploads < ${most.count} and now.bytes + ${length} <= ${most.bytes}`)
  return rowCount === 1
}

/** An unfinished upload of the same bytes for the same purpose; undefined when there is none. */
export async function findUnfinished(
  db: Db,
  platform: string,
  { length, wish }: { length: number; wish: UploadWish },
): Promise<UploadId | undefined> {
  const { rows } = await db.query<{ id: UploadId }>(sql`
    select id from upload
    where platform = ${platform} and sha256 = ${wish.sha256} and state in ('open', 'whole') and length = ${length}
      and dataset = ${wish.dataset} and media_type = ${wish.mediaType} and encoding is not distinct from ${wish.encoding}
      and mode is not distinct from ${wish.mode} and (${wish.key}::text is null or key = ${wish.key})
      and submission is not distinct from ${wish.submission} and file is not distinct from ${wish.file}
    order by received desc limit 1`)
  return rows[0]?.id
}

/** An upload of a platform; undefined when it is another's or not there. */
export async function readUpload(db: Db, id: string, platform: string): Promise<UploadRow | undefined> {
  const { rows } = await db.query<UploadRow>(sql`
    select id, platform, state, length::float8 as length, received::float8 as received, dataset, batch, submission, file, problem,
      created_at as "createdAt", touched_at as "touchedAt"
    from upload where id = ${id} and platform = ${platform}`)
  return rows[0]
}

/** Stores bytes behind those that are here; false when the upload does not go on at this byte. With its last byte it is whole. */
export async function appendPart(
  db: Db,
  { id, at, bytes, sealed }: { id: UploadId; at: number; bytes: number; sealed: Buffer },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    with moved as (
      update upload
      set received = received + ${bytes}, touched_at = now(),
        state = case when received + ${bytes} = length then 'whole' else 'open' end
      where id = ${id} and state = 'open' and received = ${at} and received + ${bytes} <= length
      returning id)
    insert into upload_part (upload, at, bytes, sealed) select moved.id, ${at}, ${bytes}, ${sealed} from moved`)
  return rowCount === 1
}

/** The bytes of an upload from one place on, as they were stored; undefined where none begin. */
export async function readPart(
  db: Db,
  upload: UploadId,
  at: number,
): Promise<{ bytes: number; sealed: Buffer } | undefined> {
  const { rows } = await db.query<{ bytes: number; sealed: Buffer }>(sql`
    select bytes, sealed from upload_part where upload = ${upload} and at = ${at}`)
  return rows[0]
}

/** Ends an upload that is not whole, with its bytes; false when it is none. */
export async function deleteUpload(db: Db, id: string, platform: string): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    delete from upload where id = ${id} and platform = ${platform} and state = 'open'`)
  return rowCount === 1
}

/** Forgets uploads that nobody goes on with, and what became of the others, after so many hours; says how many there were. */
export async function forgetUploads(db: Db, hours: number): Promise<number> {
  const { rowCount } = await db.query(sql`
    delete from upload where state <> 'whole' and touched_at < now() - make_interval(hours => ${hours})`)
  return rowCount ?? 0
}

/** Destroys the bytes of an upload, of which a batch was made or none will be. */
export async function deleteParts(tx: PoolClient, upload: UploadId): Promise<void> {
  await tx.query(sql`delete from upload_part where upload = ${upload}`)
}
