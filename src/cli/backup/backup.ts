import { resolve } from 'node:path'
import { Command } from 'commander'
import { requireOneMoment } from '../../io/postgres/distribute.db.ts'
import { PRESENT_SECONDS } from '../../io/postgres/presence.db.ts'
import { loadKeyRing } from '../../trust/keys/keyring.file.ts'
import type { CliContext } from '../context.ts'
import { keepKeys, requireApart } from './apart.file.ts'
import { dumpDatabase } from './dump.file.ts'
import { fingerprints } from './manifest.ts'
import { withOwner } from './owner.ts'

type Options = { data: string; keys?: string; json?: true }

/** `titian backup`: the database as it is at one moment, in a folder; the keys elsewhere, if asked for. */
export function backupCommand(context: CliContext): Command {
  const { env, out, err } = context
  return new Command('backup')
    .description('Write the database, as it is at one moment, to a new folder; while everything runs, or is stopped')
    .argument('<dir>', 'folder to make; titian restore takes it')
    .option('--keys <dir>', 'copy the key ring too, to a folder that must lie elsewhere')
    .option('--data <dir>', 'data folder of the installation; DATABASE_OWNER_URL comes first', context.dataDir)
    .option('--json', 'print JSON')
    .action(async (dir: string, { data, keys, json }: Options) => {
      const folder = resolve(dir)
      if (keys !== undefined) await requireApart(folder, keys)
      const ring = await loadKeyRing(ringSettings(env), data)
      const at = new Date()
      const manifest = await withOwner(env, data, async (db) => {
        await requireOneMoment(db, PRESENT_SECONDS)
        return dumpDatabase(db, folder, fingerprints(ring), at)
      })
      const keysFile = keys === undefined ? undefined : await keepKeys(keys, ring, at)
      const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
      if (json) return out(JSON.stringify({ folder, rows, made_at: manifest.made_at, keys: keysFile ?? null }))
      out(`${rows} rows of ${manifest.tables.length} tables, as of ${manifest.made_at}, in ${folder}`)
      if (keysFile !== undefined) return out(`the key ring in ${keysFile}: move it to another machine`)
      err('Without the key ring nobody can read this. It is not in the backup: keep a copy elsewhere (--keys DIR).')
    })
}

/** Where the ring comes from, as far as the environment says. */
export function ringSettings({ KEYS, KEYS_FILE }: CliContext['env']): { KEYS?: string; KEYS_FILE?: string } {
  return { ...(KEYS && { KEYS }), ...(KEYS_FILE && { KEYS_FILE }) }
}
