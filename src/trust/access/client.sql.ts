import type { JSONWebKeySet } from 'jose'
import type { Pool } from 'pg'
import type { AccountId } from '../../domain/ids.ts'
import { type Db, inTransaction } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Vault } from '../keys/vault.ts'
import { readAccount } from '../people/account.sql.ts'
import { hashClientSecret, type NewClient, newClientSecret, type Profile } from './client.ts'

// Who acts where no client does: an installation that makes its first clients.
const SETUP = 'titian'

/** A client as the database knows it; `secret_hash` is of no use to anybody without the key ring. */
export type ClientRow = {
  id: string
  platform: string | null
  scopes: string[]
  /** Null for who proves itself otherwise. */
  secret_hash: string | null
  jwks: JSONWebKeySet | null
  certificates: string[]
  profile: Profile
  /** The account that it acts for. */
  person: AccountId | null
}
export type ListedClient = {
  id: string
  platform: string | null
  scopes: string[]
  created_at: Date
  disabled_at: Date | null
  profile: Profile
  /** By what it proves itself. */
  proof: 'secret' | 'key' | 'certificate'
  person: AccountId | null
}

async function insertClient(db: Db, client: ClientRow): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    insert into client (id, platform, scopes, secret_hash, jwks, certificates, profile, person)
    values (${client.id}, ${client.platform}, ${client.scopes}, ${client.secret_hash},
      ${client.jwks === null ? null : JSON.stringify(client.jwks)}::jsonb, ${client.certificates}, ${client.profile},
      ${client.person})
    on conflict (id) do nothing`)
  return rowCount === 1
}

/**
 * The client of this id unless it, or the person that it acts for, is disabled: asked on every request, so that disabling works at once.
 * Of its scopes a person's client has those that are roles of the person by now.
 */
export async function findEnabledClient(db: Db, id: string): Promise<ClientRow | undefined> {
  const { rows } = await db.query<ClientRow>(sql`
    select id, platform, scopes, secret_hash, jwks, certificates, profile, person from client
    where id = ${id} and disabled_at is null`)
  const client = rows[0]
  if (client === undefined || client.person === null) return client
  const person = await readAccount(db, client.person)
  if (person === undefined || person.disabledAt !== null) return undefined
  return { ...client, scopes: client.scopes.filter((scope) => person.roles.some((role) => role === scope)) }
}

/** Who is named in the audit log for what a client does: itself, and the account that it acts for; disabled ones, too. */
export async function actorsBehind(db: Db, id: string): Promise<string[]> {
  const { rows } = await db.query<{ person: AccountId }>(sql`
    select person from client where id = ${id} and person is not null`)
  return [id, ...rows.map(({ person }) => person)]
}

/** All clients, the oldest first. */
export async function listClients(db: Db): Promise<ListedClient[]> {
  const { rows } = await db.query<ListedClient>(sql`
    select id, platform, scopes, created_at, disabled_at, profile, person,
      case when secret_hash is not null then 'secret' when jwks is not null then 'key' else 'certificate' end as proof
    from client order by created_at, id`)
  return rows
}

/** Disables a client for good; false when no enabled client has this id. */
export function disableClient(db: Pool, id: string, by = SETUP): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(sql`
      update client set disabled_at = now() where id = ${id} and disabled_at is null`)
    if (rowCount !== 1) return false
    await appendAudit(tx, { actor: by, action: 'client.disabled', object: id })
    return true
  })
}

/** Replaces the keys and certificates of a client that has no secret; false when no such client is enabled. */
export function renewClientProof(
  db: Pool,
  id: string,
  { jwks, certificates }: { jwks: JSONWebKeySet | null; certificates: readonly string[] },
  by = SETUP,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(sql`
      update client set jwks = ${jwks === null ? null : JSON.stringify(jwks)}::jsonb, certificates = ${[...certificates]}
      where id = ${id} and disabled_at is null and secret_hash is null`)
    if (rowCount !== 1) return false
    await appendAudit(tx, { actor: by, action: 'client.renewed', object: id })
    return true
  })
}

/** Gives a client scopes that it lacks; true when it lacked one. Scopes that it has stay. */
export function widenClient(db: Pool, id: string, wanted: readonly string[], by = SETUP): Promise<boolean> {
  const scopes = [...wanted]
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(sql`
      update client set scopes = array(select distinct unnest(scopes || ${scopes}::text[]) order by 1)
      where id = ${id} and disabled_at is null and not scopes @> ${scopes}::text[]`)
    if (rowCount !== 1) return false
    await appendAudit(tx, { actor: by, action: 'client.widened', object: id, details: { scopes: scopes.join(' ') } })
    return true
  })
}

/** Has a client that acted for nobody act for a person from now on; false where it acts for somebody, or there is none. */
export function bindClient(db: Pool, id: string, person: AccountId, by = SETUP): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { rowCount } = await tx.query(sql`
      update client set person = ${person} where id = ${id} and person is null and platform is null and disabled_at is null`)
    if (rowCount !== 1) return false
    await appendAudit(tx, { actor: by, action: 'client.bound', object: id, details: { person } })
    return true
  })
}

/**
 * Makes a client with a fresh secret, which is shown this once, or with keys or certificates of its own and no secret; undefined
 * when the id is taken.
 */
export function registerClient(
  db: Pool,
  vault: Vault,
  client: NewClient,
  by = SETUP,
): Promise<{ id: string; secret: string } | undefined> {
  const { id, platform, jwks = null, certificates = [], profile = 'usual', person = null } = client
  const isSecret = jwks === null && certificates.length === 0
  const secret = isSecret ? newClientSecret() : ''
  const secret_hash = isSecret ? hashClientSecret(vault, id, secret) : null
  const scopes = [...client.scopes]
  return inTransaction(db, async (tx) => {
    const row = { id, platform, scopes, secret_hash, jwks, certificates: [...certificates], profile, person }
    if (!(await insertClient(tx, row))) return undefined
    await appendAudit(tx, {
      actor: by,
      action: 'client.added',
      object: id,
      details: {
        platform,
        scopes: scopes.join(' '),
        ...(person !== null && { person }),
        ...(!isSecret && { proof: jwks ? 'key' : 'certificate', profile }),
      },
    })
    return { id, secret }
  })
}
