import { createHash, hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import type { ClientBase } from 'pg'
import { to } from 'pg-copy-streams'
import { TitianError } from '../../domain/error.ts'
import { selectDatabaseEnd } from '../../reports/database-end.sql.ts'
import { type BackupManifest, MANIFEST, SUMS, tableFile } from './manifest.ts'
import { sumsText } from './sums.file.ts'
import {
  beginMoment,
  copyOut,
  type DumpedTable,
  readApplied,
  readServerVersion,
  selectSequences,
  selectTables,
} from './tables.sql.ts'

/**
 * Writes the database as it is at one moment into a new folder: rows by COPY, compressed, and their sums. It is there when it
 * is whole: until then it has another name.
 */
export async function dumpDatabase(db: ClientBase, folder: string, keys: string[], at: Date): Promise<BackupManifest> {
  await requireNew(folder)
  const draft = `${folder}.partial`
  await rm(draft, { recursive: true, force: true })
  await mkdir(join(draft, 'tables'), { recursive: true, mode: 0o700 })
  try {
    const manifest = await writeParts(db, draft, keys, at)
    await mkdir(dirname(folder), { recursive: true })
    await rename(draft, folder)
    return manifest
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw error
  }
}

/** Refuses a folder that has something in it. */
export async function requireNew(folder: string): Promise<void> {
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new TitianError('bad-request', `${folder} cannot be a backup: ${error.code ?? 'it cannot be read'}`)
  })
  if (present.length > 0)
    throw new TitianError('bad-request', `${folder} is not empty: each backup has a folder of its own, name a new one`)
}

async function writeParts(db: ClientBase, folder: string, keys: string[], at: Date): Promise<BackupManifest> {
  await beginMoment(db)
  const sums = new Map<string, string>()
  const tables: BackupManifest['tables'] = []
  const migrations = await readApplied(db)
  if (migrations.length === 0)
    throw new TitianError('bad-request', 'the database is empty: there is nothing to back up')
  for (const table of await selectTables(db)) {
    const { rows, sum } = await writeTable(db, folder, table)
    tables.push({ ...table, rows })
    sums.set(tableFile(table.name), sum)
  }
  const manifest: BackupManifest = {
    format: 1,
    made_at: at.toISOString(),
    postgres: await readServerVersion(db),
    migrations,
    end: await selectDatabaseEnd(db),
    keys,
    tables,
    sequences: await selectSequences(db),
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  sums.set(MANIFEST, hash('sha256', text))
  await writeFile(join(folder, MANIFEST), text, { mode: 0o600, flush: true })
  await writeFile(join(folder, SUMS), sumsText(sums), { mode: 0o600, flush: true })
  return manifest
}

async function writeTable(db: ClientBase, folder: string, table: DumpedTable): Promise<{ rows: number; sum: string }> {
  const digest = createHash('sha256')
  const digested = new Transform({
    transform(piece: Buffer, _encoding, done) {
      digest.update(piece)
      done(null, piece)
    },
  })
  const copied = db.query(to(copyOut(table)))
  const file = createWriteStream(join(folder, tableFile(table.name)), { mode: 0o600, flush: true })
  await pipeline(copied, createZstdCompress(), digested, file)
  return { rows: copied.rowCount ?? 0, sum: digest.digest('hex') }
}
