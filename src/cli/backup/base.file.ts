import { createHash, hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import type { Account } from '../../io/local/account.ts'
import { readArchiving, startCopying, stopCopying } from './base.sql.ts'
import { BASE_MANIFEST, SUMS } from './manifest.ts'
import { readSums, requireSum, sumsText } from './sums.file.ts'
import { readServerVersion } from './tables.sql.ts'

const BaseManifest = Type.Object(
  {
    format: Type.Literal(1),
    /** From this moment on the database can be brought back. */
    made_at: Type.String({ format: 'date-time' }),
    postgres: Type.String(),
    keys: Type.Array(Type.String()),
  },
  { additionalProperties: false },
)
export type BaseManifest = Static<typeof BaseManifest>

const CLUSTER = 'cluster'
// What a running server makes anew, or must not find in a copy.
const EMPTY = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]
const LEFT_OUT = /^(postmaster\.(pid|opts)|pg_internal\.init|pgsql_tmp.*)$/
// An archive that does not take the last segment in this time fails.
const ARCHIVE_MS = 120_000

/** Copies the files of an embedded server into a new folder while it runs; `db` speaks for its superuser. */
export async function copyCluster(
  db: pg.Client,
  cluster: string,
  folder: string,
  keys: string[],
): Promise<BaseManifest> {
  const { isOn, isFailing } = await readArchiving(db)
  if (!isOn)
    throw new TitianError('bad-request', 'nothing is archived: set WAL_ARCHIVE to a folder, and start titian up anew')
  if (isFailing) throw new TitianError('server-unsafe', 'the archive takes no WAL: log/postgres.log says why')
  const draft = `${folder}.partial`
  await rm(draft, { recursive: true, force: true })
  try {
    await mkdir(join(draft, CLUSTER), { recursive: true, mode: 0o700 })
    const sums = new Map<string, string>()
    await startCopying(db, 'titian')
    await copyTree(cluster, draft, CLUSTER, sums)
    await db.query(`set statement_timeout = ${ARCHIVE_MS}`)
    const { label, at } = await stopCopying(db)
    const manifest: BaseManifest = {
      ...{ format: 1, made_at: at.toISOString() },
      ...{ postgres: await readServerVersion(db), keys },
    }
    for (const [name, text] of [
      [`${CLUSTER}/backup_label`, label],
      [BASE_MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`],
    ] as const) {
      await writeFile(join(draft, name), text, { mode: 0o600 })
      sums.set(name, hash('sha256', text))
    }
    await writeFile(join(draft, SUMS), sumsText(sums))
    await rename(draft, folder)
    return manifest
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Reads every byte of a base backup. Throws one sentence about one that is not whole, or that is none. */
export async function readWholeBase(folder: string): Promise<BaseManifest> {
  const text = await readFile(join(folder, BASE_MANIFEST), 'utf8').catch(() => undefined)
  if (text === undefined)
    throw new TitianError(
      'bad-request',
      `${folder} is no base backup, which --to needs: titian backup --base makes one, while WAL_ARCHIVE is set`,
    )
  const sums = await readSums(folder)
  for (const name of sums.keys()) await requireSum(folder, name, sums)
  const manifest: unknown = JSON.parse(text)
  if (!sums.has(BASE_MANIFEST) || !Value.Check(BaseManifest, manifest))
    throw new TitianError('bad-request', `${folder}/${BASE_MANIFEST} is not of a form that this version reads`)
  return manifest
}

/** Puts the files of a base backup where a server expects them, as its account owns them, with the sign that it is to play WAL. */
export async function placeCluster(
  folder: string,
  place: string,
  { uid, gid }: Pick<Account, 'uid' | 'gid'>,
): Promise<void> {
  await rm(place, { recursive: true, force: true })
  await mkdir(place, { mode: 0o700 })
  await copyTree(join(folder, CLUSTER), place, '', new Map())
  await writeFile(join(place, 'recovery.signal'), '', { mode: 0o600 })
  await ownedBy(place, uid, gid)
}

async function copyTree(from: string, root: string, to: string, sums: Map<string, string>): Promise<void> {
  await mkdir(join(root, to), { recursive: true, mode: 0o700 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, name] = [join(from, entry.name), to === '' ? entry.name : `${to}/${entry.name}`]
    if (LEFT_OUT.test(entry.name)) continue
    if (!entry.isDirectory()) await copyFile(source, root, name, sums)
    else if (EMPTY.includes(entry.name)) await mkdir(join(root, name), { recursive: true, mode: 0o700 })
    else await copyTree(source, root, name, sums)
  }
}

/** A file that a running server removed meanwhile is not missed: WAL says so. */
async function copyFile(source: string, root: string, name: string, sums: Map<string, string>): Promise<void> {
  const digest = createHash('sha256')
  const noting = new Transform({
    transform(piece: Buffer, _encoding, done) {
      digest.update(piece)
      done(null, piece)
    },
  })
  try {
    await pipeline(createReadStream(source), noting, createWriteStream(join(root, name), { mode: 0o600 }))
    sums.set(name, digest.digest('hex'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await rm(join(root, name), { force: true })
  }
}

async function ownedBy(path: string, uid: number | undefined, gid: number | undefined): Promise<void> {
  if (uid === undefined || gid === undefined) return
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    await chown(join(entry.parentPath, entry.name), uid, gid)
  await chmod(path, 0o700)
  await chown(path, uid, gid)
}
