import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import type { ClientBase } from 'pg'
import { from } from 'pg-copy-streams'
import { type BackupManifest, orderByReferences, tableFile } from './manifest.ts'
import { copyIn, emptyTables, selectReferences, selectTables, setSequence, wakeTriggers } from './tables.sql.ts'

/**
 * Fills a database, which has had the migrations of the backup and nothing else, with the rows of the backup: all of them, or
 * none. The role must own the tables.
 */
export async function loadDatabase(db: ClientBase, folder: string, manifest: BackupManifest): Promise<void> {
  const names = (await selectTables(db)).map(({ name }) => name)
  await db.query('begin')
  await emptyTables(db, names)
  for (const table of orderByReferences(manifest.tables, await selectReferences(db))) {
    const copied = db.query(from(copyIn(table)))
    await pipeline(createReadStream(join(folder, tableFile(table.name))), createZstdDecompress(), copied)
    if (copied.rowCount !== table.rows)
      throw new Error(`${table.name} has ${copied.rowCount} rows where its backup counted ${table.rows}`)
  }
  for (const sequence of manifest.sequences) await setSequence(db, sequence)
  await wakeTriggers(db, names)
  await db.query('commit')
}
