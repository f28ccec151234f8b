import { resolve } from 'node:path'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { serverPaths } from '../../io/local/cluster.ts'
import { requireOneMoment } from '../../io/postgres/distribute.db.ts'
import { PRESENT_SECONDS } from '../../io/postgres/presence.db.ts'
import { keySettingsOf, loadKeyRing, masterInUse } from '../../trust/keys/keyring.file.ts'
import type { CliContext } from '../context.ts'
import { keepKeys, requireApart } from './apart.file.ts'
import { type BaseManifest, copyCluster } from './base.file.ts'
import { dumpDatabase, requireNew } from './dump.file.ts'
import { fingerprints } from './manifest.ts'
import { withEmbedded, withOwner } from './owner.ts'

type Options = { data: string; keys?: string; base?: true; json?: true }

/** `titian backup`: the database as it is at one moment, in a folder; the keys elsewhere, if asked for. */
export function backupCommand(context: CliContext): Command {
  const { env, out, err } = context
  return new Command('backup')
    .description('Write the database, as it is at one moment, to a new folder; while everything runs, or is stopped')
    .argument('<dir>', 'folder to make; titian restore takes it')
    .option('--base', 'copy the files of the embedded PostgreSQL, for titian restore --to; WAL_ARCHIVE must be set')
    .option('--keys <dir>', 'copy the key ring too, to a folder that must lie elsewhere')
    .option('--data <dir>', 'data folder of the installation; DATABASE_OWNER_URL comes first', context.dataDir)
    .option('--json', 'print JSON')
    .action(async (dir: string, { data, keys, base, json }: Options) => {
      const folder = resolve(dir)
      if (keys !== undefined) await requireApart(folder, keys)
      const settings = keySettingsOf(env)
      const ring = await loadKeyRing(settings, data)
      const at = new Date()
      const keysFile =
        keys === undefined ? undefined : await keepKeys(keys, ring, { at, master: await masterInUse(settings, data) })
      if (base) {
        const made = await copyBase(env, data, folder, fingerprints(ring))
        if (json) return out(JSON.stringify({ folder, base: true, made_at: made.made_at, keys: keysFile ?? null }))
        out(`a base backup in ${folder}: with ${env.WAL_ARCHIVE} it leads to every moment from ${made.made_at} on`)
        return err(`Next: titian restore ${dir} --to MOMENT, or --to latest`)
      }
      const manifest = await withOwner(env, data, async (db) => {
        await requireOneMoment(db, PRESENT_SECONDS)
        return dumpDatabase(db, folder, fingerprints(ring), at)
      })
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      if (json) return out(JSON.stringify({ folder, rows, made_at: manifest.made_at, keys: keysFile ?? null }))
      out(`${rows} rows of ${manifest.tables.length} tables, as of ${manifest.made_at}, in ${folder}`)
      if (keysFile !== undefined) return out(`the key ring in ${keysFile}: move it to another machine`)
      err('Without the key ring nobody can read this. It is not in the backup: keep a copy elsewhere (--keys DIR).')
    })
}

async function copyBase(env: CliContext['env'], data: string, folder: string, keys: string[]): Promise<BaseManifest> {
  if (env.DATABASE_OWNER_URL ?? env.DATABASE_URL)
    throw new TitianError(
      'bad-request',
      '--base is for the PostgreSQL of titian up; for a server of your own use pg_basebackup (docs/operations/backup.md)',
    )
  await requireNew(folder)
  return withEmbedded(env, data, ['postgres', 'postgres'], (db) =>
    copyCluster(db, serverPaths(data).cluster, folder, keys),
  )
}
