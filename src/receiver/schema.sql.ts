import type { Pool } from 'pg'
import { type Db, inTransaction } from '../io/postgres/postgres.ts'
import { sql } from '../io/postgres/sql.ts'

const TABLES = `
  create table if not exists delivery (
    id text primary key,
    seq bigint generated always as identity unique,
    digest bytea not null,
    manifest jsonb not null,
    receipt jsonb not null,
    -- What took effect, line by line, compressed: subject, version, hash, entries; no record.
    journal bytea not null,
    -- How often it came after the first time, and changed nothing.
    repeats integer not null default 0,
    received_at timestamptz not null default now()
  );
  create table if not exists subject (
    id text primary key,
    level text not null,
    version integer not null,
    hash bytea not null,
    delivery text not null,
    merged_into text
  );
  alter table subject add column if not exists kind text not null default 'golden',
    add column if not exists family text, add column if not exists placed boolean not null default false;
  create table if not exists nonce (
    keyid text not null,
    nonce text not null,
    expires timestamptz not null,
    primary key (keyid, nonce)
  );
  create index if not exists subject_by_merged on subject (merged_into) where merged_into is not null;
  create index if not exists nonce_by_expiry on nonce (expires)`

/**
 * Makes the stand-in's tables if they are not there. It keeps no record: a hash of each suffices to prove what arrived, and
 * a copy of personal data that nobody needs is not made.
 */
export async function prepareSchema(db: Pool): Promise<void> {
  // Two stand-ins may start at once, and `if not exists` alone is not safe against that.
  await inTransaction(db, async (tx) => {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('titian receiver schema'))`)
    await tx.query(TABLES)
  })
}

/** Remembers a nonce until its signature expires; false when it was used before. */
export async function rememberNonce(db: Db, keyid: string, nonce: string, expires: number): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into nonce (keyid, nonce, expires) values (${keyid}, ${nonce}, to_timestamp(${expires}) + interval '5 minutes')
    on conflict do nothing`)
  return rowCount === 1
}

/** Forgets the nonces whose signatures nobody would accept any more. */
export async function forgetNonces(db: Db): Promise<void> {
  await db.query(sql`delete from nonce where expires < now()`)
}
