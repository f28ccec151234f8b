import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { type Embedded, startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { migrate } from '../../io/postgres/migrate.ts'
import { readMigrations } from '../../io/postgres/migration.file.ts'
import { withClient } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import type { CliContext } from '../context.ts'
import { loadDatabase } from './load.file.ts'
import { type BackupManifest, fingerprints } from './manifest.ts'
import { createDatabase, dropDatabase, isUsed, readApplied, renameDatabase } from './tables.sql.ts'

/** A database to work on, by its two addresses; ended by `await using`. `aside` is the name that the former one has now. */
export type OpenedDatabase = AsyncDisposable & { app: string; owner: string; aside?: string }

type Backup = { folder: string; manifest: BackupManifest }

/** Refuses, before anything is touched, a backup that this version or this key ring cannot read. */
export async function requireRestorable({ migrations, keys }: BackupManifest, ring: KeyRing): Promise<void> {
  const known = (await readMigrations()).map(({ name }) => name)
  const strange = migrations.find((name, index) => known[index] !== name)
  if (strange !== undefined)
    throw new TitianError(
      'bad-request',
      `the backup is of another version: it has had ${strange}, which this one does not know at that place. Restore it with the version that made it, or a later one`,
    )
  requireKeys(keys, ring)
}

/** Refuses a backup that this key ring cannot open. */
export function requireKeys(keys: readonly string[], ring: KeyRing): void {
  const here = new Set(fingerprints(ring))
  const missing = keys.filter((key) => !here.has(key)).map((key) => key.slice(0, key.indexOf(':')))
  if (missing.length > 0)
    throw new TitianError(
      'key-ring-invalid',
      `this key ring cannot open the backup: it lacks ${missing.join(', ')}. Put in place the ring that was kept with it (--keys FILE)`,
    )
}

/** The database that an older copy of was put back by other means, or that is to be filled; the embedded one of a data folder must not be up. */
export async function openStopped(env: CliContext['env'], data: string, backup?: Backup): Promise<OpenedDatabase> {
  await using stack = new AsyncDisposableStack()
  if (env.DATABASE_URL) {
    const [app, owner] = [env.DATABASE_URL, env.DATABASE_OWNER_URL ?? env.DATABASE_URL]
    if (backup !== undefined) await fillNamed(app, owner, backup)
    else await migrate(owner, new URL(app).username)
    return { app, owner, [Symbol.asyncDispose]: async () => undefined }
  }
  stack.use(await lockFolder(data))
  const server = await startEmbedded(data, { archive: env.WAL_ARCHIVE })
  stack.defer(() => server.stop())
  const aside = backup === undefined ? undefined : await exchange(server, backup)
  const [app, owner] = [server.urlFor('titian', 'titian'), server.urlFor('titian_owner', 'titian')]
  if (backup === undefined) await migrate(owner, 'titian')
  const kept = stack.move()
  return { app, owner, ...(aside && { aside }), [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** A database of a server belongs to others too: only one that nothing was written to is filled. */
async function fillNamed(app: string, owner: string, backup: Backup): Promise<void> {
  const { used, applied } = await withClient(owner, async (db) => ({
    used: await isUsed(db),
    applied: (await readApplied(db)).length,
  }))
  const name = new URL(owner).pathname.slice(1)
  if (used || applied > backup.manifest.migrations.length)
    throw new TitianError(
      'bad-request',
      `the database ${name} is not empty, and restore overwrites nothing: make a new one (createdb) and name it by DATABASE_URL and DATABASE_OWNER_URL`,
    )
  await fill(owner, new URL(app).username, backup, applied)
}

/** Fills a database beside the present one and lets them change places, so that what fails leaves all as it was. */
async function exchange(server: Embedded, backup: Backup): Promise<string | undefined> {
  const draft = 'titian_restored'
  const admin = <T>(work: (db: pg.Client) => Promise<T>) => withClient(server.urlFor('postgres', 'postgres'), work)
  await admin(async (db) => {
    await dropDatabase(db, draft)
    await createDatabase(db, draft, 'titian_owner')
  })
  try {
    await fill(server.urlFor('titian_owner', draft), 'titian', backup, 0)
  } catch (error) {
    await admin((db) => dropDatabase(db, draft)).catch(() => undefined)
    throw error
  }
  const used = await withClient(server.urlFor('titian_owner', 'titian'), isUsed)
  const aside = `titian_before_${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}`
  await admin(async (db) => {
    if (used) await renameDatabase(db, 'titian', aside)
    else await dropDatabase(db, 'titian')
    await renameDatabase(db, draft, 'titian')
  })
  return used ? aside : undefined
}

/** The schema as it was then, the rows, and then what this version adds. */
async function fill(owner: string, role: string, { folder, manifest }: Backup, applied: number): Promise<void> {
  const missing = manifest.migrations.length - applied
  if (missing > 0) await migrate(owner, role, { count: missing })
  await withClient(owner, (db) => loadDatabase(db, folder, manifest))
  await migrate(owner, role)
}
