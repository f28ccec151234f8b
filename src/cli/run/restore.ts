import { resolve } from 'node:path'
import { Command } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { renewFeed } from '../../forward/feed-epoch.sql.ts'
import { openTables } from '../../io/postgres/distribute.db.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { raiseVersions } from '../../link/subjects/restored/versions.sql.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { verifyAudit } from '../../trust/audit/verify.db.ts'
import { keyRingFile, loadKeyRing, readKeyRing, writeNewKeyRing } from '../../trust/keys/keyring.file.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { ringSettings } from '../backup/backup.ts'
import type { BackupManifest } from '../backup/manifest.ts'
import { openStopped, requireRestorable } from '../backup/put-back.ts'
import { readWholeBackup } from '../backup/sums.file.ts'
import type { CliContext } from '../context.ts'
import { acceptEnd } from './known-end.ts'

type Options = { data: string; keys?: string; json?: true }

/** `titian restore`: puts a backup back, or takes note that another tool has; either way the feed of deliveries begins anew. */
export function restoreCommand(context: CliContext): Command {
  const { env, out, err } = context
  return new Command('restore')
    .description('Put a backup back and begin the feed of deliveries anew; without one, after another tool did')
    .argument('[dir]', 'what titian backup wrote')
    .option('--keys <file>', 'key ring to put in place, where there is none')
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .option('--json', 'print JSON')
    .action(async (dir: string | undefined, options: Options) => {
      const { data, json } = options
      const say = json ? () => undefined : out
      const backup = dir === undefined ? undefined : await openBackup(env, resolve(dir), options)
      if (backup) say(`the backup of ${backup.manifest.made_at} is whole: every SHA-256 holds`)
      await using database = await openStopped(env, data, backup)
      const pool = await openTables(database.app, 2)
      try {
        if (backup) say(`${rowsOf(backup.manifest)} rows put back${asideOf(database.aside)}`)
        const { end, fault } = await verifyAudit(pool, { noted: backup && endOf(backup.manifest) })
        if (fault !== undefined)
          throw new TitianError('server-unsafe', `row ${fault.sequence} of the audit log is wrong`)
        say(`the audit log is whole: ${end.sequence} rows`)
        const { epoch, subjects } = await beginAnew(pool)
        await acceptEnd(pool, data)
        say(`the feed of deliveries began anew (epoch ${epoch})`)
        if (json) out(JSON.stringify({ epoch, subjects, aside: database.aside ?? null, audit_rows: end.sequence }))
        for (const line of NEXT) err(line)
      } finally {
        await pool.end()
      }
    })
}

const NEXT = [
  'Next: start the gateway and workers. BPS is asked what it took that this copy does not know, and that is taken back;',
  'the audit log says it (feed.reconciled). Pullers are told to read from 0.',
  'What platforms pushed after the copy was made must be pushed again: titian status shows the last batch of each.',
]

async function openBackup(env: CliContext['env'], folder: string, { data, keys }: Options) {
  const manifest = await readWholeBackup(folder)
  await requireRestorable(manifest, await ringFor(env, data, keys))
  return { folder, manifest }
}

/** The ring in use; one that is given is put in place first, and never over another. */
async function ringFor(env: CliContext['env'], data: string, file: string | undefined): Promise<KeyRing> {
  if (file === undefined) return loadKeyRing(ringSettings(env), data).catch(sayWhatIsMissing)
  if (env.KEYS) throw new TitianError('key-ring-invalid', 'KEYS holds the key ring: --keys would be a second one')
  const ring = await readKeyRing(file)
  const place = env.KEYS_FILE ?? keyRingFile(data)
  const present = await readKeyRing(place).catch(() => undefined)
  if (JSON.stringify(present) !== JSON.stringify(ring)) await writeNewKeyRing(place, ring)
  return ring
}

/** A new ring, which the usual sentence names, would open nothing of the backup. */
function sayWhatIsMissing(cause: Error): never {
  const [first = ''] = cause.message.split(': run titian keys init')
  throw new TitianError('key-ring-invalid', `${first}: name the one that was kept with the backup by --keys FILE`, {
    cause,
  })
}

/** In one transaction, and in the audit log. */
function beginAnew(pool: pg.Pool): Promise<{ epoch: string; subjects: number }> {
  return inTransaction(pool, async (tx) => {
    const subjects = await raiseVersions(tx)
    const epoch = await renewFeed(tx)
    await appendAudit(tx, {
      actor: `shell:${process.getuid?.() ?? 'unknown'}`,
      action: 'feed.renewed',
      object: epoch,
    })
    return { epoch, subjects }
  })
}

function rowsOf({ tables }: BackupManifest): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0)
}

function asideOf(name: string | undefined): string {
  return name === undefined ? '' : `; the database as it was is kept under the name ${name}`
}

function endOf({ end: { sequence, hash } }: BackupManifest) {
  return sequence === 0 ? undefined : { sequence, hash }
}
