import { resolve } from 'node:path'
import { Command } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { renewFeed } from '../../forward/feed-epoch.sql.ts'
import { openTables } from '../../io/postgres/distribute.db.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { raiseVersions } from '../../link/subjects/restored/versions.sql.ts'
import { noteEvent } from '../../notify/event.sql.ts'
import { restoredEvents } from '../../notify/restored.ts'
import { type Restored, selectRestored } from '../../reports/operations/restored.sql.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { verifyAudit } from '../../trust/audit/verify.db.ts'
import {
  keyRingFile,
  keySettingsOf,
  loadKeyRing,
  masterOf,
  readKeyRing,
  writeNewKeyRing,
} from '../../trust/keys/keyring.file.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { readWholeBase } from '../backup/base.file.ts'
import type { BackupManifest } from '../backup/manifest.ts'
import { bringBack, momentOf } from '../backup/point-in-time.file.ts'
import { openStopped, requireKeys, requireRestorable } from '../backup/put-back.ts'
import { restoredLines, restoredView } from '../backup/restored-lines.ts'
import { readWholeBackup } from '../backup/sums.file.ts'
import type { CliContext } from '../context.ts'
import { acceptEnd } from './known-end.ts'

type Options = { data: string; keys?: string; to?: string; report?: true; json?: true }

/** `titian restore`: puts a backup back, or takes note that another tool has; either way the feed of deliveries begins anew. */
export function restoreCommand(context: CliContext): Command {
  const { env, out, err } = context
  return new Command('restore')
    .description('Put a backup back and begin the feed of deliveries anew; without one, after another tool did')
    .argument('[dir]', 'what titian backup wrote')
    .option('--keys <file>', 'key ring to put in place, where there is none')
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .option('--to <moment>', 'of a base backup: bring it to this moment, by the archive of WAL_ARCHIVE; or latest')
    .option('--report', 'change nothing: say what the last restore lost, and what is still to be done')
    .option('--json', 'print JSON')
    .action(async (dir: string | undefined, options: Options) => {
      const { data, json } = options
      if (options.report) return tellReport(context, dir, options)
      const say = json ? () => undefined : out
      if (options.to !== undefined) await comeBack(context, dir, options.to, options)
      const isRows = dir !== undefined && options.to === undefined
      const backup = isRows ? await openBackup(env, resolve(dir), options) : undefined
      if (backup) say(`the backup of ${backup.manifest.made_at} is whole: every SHA-256 holds`)
      await using database = await openStopped(env, data, backup)
      const pool = await openTables(database.app, 2)
      try {
        if (backup) say(`${rowsOf(backup.manifest)} rows put back${asideOf(database.aside)}`)
        const { end, fault } = await verifyAudit(pool, { noted: backup && endOf(backup.manifest) })
        if (fault !== undefined)
          throw new TitianError('server-unsafe', `row ${fault.sequence} of the audit log is wrong`)
        say(`the audit log is whole: ${end.sequence} rows`)
        const { epoch, subjects, restored } = await beginAnew(pool)
        await acceptEnd(pool, data)
        say(`the feed of deliveries began anew (epoch ${epoch})`)
        for (const line of restored ? restoredLines(restored) : []) say(line)
        const known = restored && { report: restoredView(restored) }
        if (json)
          out(JSON.stringify({ epoch, subjects, aside: database.aside ?? null, audit_rows: end.sequence, ...known }))
        for (const line of NEXT) err(line)
      } finally {
        await pool.end()
      }
    })
}

const NEXT = [
  'Next: start the gateway and workers. BPS is asked what it took that this copy does not know, and that is taken back;',
  'the audit log says it (feed.reconciled). Pullers are told to read from 0.',
  'titian restore --report says what became of it, and who has pushed again.',
]

/** Asks the database of a running installation; it ends with 1 while BPS is yet to be asked. */
async function tellReport(context: CliContext, dir: string | undefined, { data, json }: Options): Promise<void> {
  if (dir !== undefined) throw new TitianError('bad-request', '--report changes nothing: leave the folder out')
  const pool = await context.openDatabase(data)
  try {
    const restored = await selectRestored(pool)
    if (restored === undefined) return context.out(json ? 'null' : 'this database was never restored')
    if (json) context.out(JSON.stringify(restoredView(restored)))
    else for (const line of restoredLines(restored)) context.out(line)
    if (!restored.isAsked) context.exit(1)
  } finally {
    await pool.end()
  }
}

/** Puts a base backup in the place of the embedded server's files, and plays the archive up to a moment. */
async function comeBack({ env, out, err }: CliContext, dir: string | undefined, moment: string, options: Options) {
  const { data, keys, json } = options
  if (dir === undefined)
    throw new TitianError(
      'bad-request',
      'name the base backup that --to is to be reached from: titian restore DIR --to MOMENT',
    )
  if (env.DATABASE_URL ?? env.DATABASE_OWNER_URL)
    throw new TitianError(
      'bad-request',
      '--to is for the PostgreSQL of titian up; bring a server of your own back by its own means, then run titian restore without a folder',
    )
  const archive = env.WAL_ARCHIVE
  if (archive === undefined)
    throw new TitianError('bad-request', 'set WAL_ARCHIVE to the folder that WAL was archived to')
  const base = await readWholeBase(resolve(dir))
  const to = momentOf(moment, base, new Date())
  requireKeys(base.keys, await ringFor(env, data, keys))
  if (!json) out(`the base backup of ${base.made_at} is whole: every SHA-256 holds`)
  err('playing the archive …')
  const aside = await bringBack({ data, folder: resolve(dir), archive }, to)
  const kept = aside === undefined ? '' : `; the files as they were are kept in ${aside}`
  if (!json) out(`brought to ${to?.toISOString() ?? 'the end of the archive'}${kept}`)
}

async function openBackup(env: CliContext['env'], folder: string, { data, keys }: Options) {
  const manifest = await readWholeBackup(folder)
  await requireRestorable(manifest, await ringFor(env, data, keys))
  return { folder, manifest }
}

/** The ring in use; one that is given is put in place first, and never over another. */
async function ringFor(env: CliContext['env'], data: string, file: string | undefined): Promise<KeyRing> {
  const settings = keySettingsOf(env)
  if (file === undefined) return loadKeyRing(settings, data).catch(sayWhatIsMissing)
  if (env.KEYS) throw new TitianError('key-ring-invalid', 'KEYS holds the key ring: --keys would be a second one')
  const ring = await readKeyRing(file, settings)
  const place = env.KEYS_FILE ?? keyRingFile(data)
  const present = await readKeyRing(place, settings).catch(() => undefined)
  if (JSON.stringify(present) !== JSON.stringify(ring))
    await writeNewKeyRing(place, ring, await masterOf(file, settings))
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
function beginAnew(pool: pg.Pool): Promise<{ epoch: string; subjects: number; restored: Restored | undefined }> {
  return inTransaction(pool, async (tx) => {
    const subjects = await raiseVersions(tx)
    const epoch = await renewFeed(tx)
    const restored = await selectRestored(tx)
    // Each platform with a webhook hears it once the gateway runs again.
    for (const event of restored ? restoredEvents(restored, restored.platforms) : []) await noteEvent(tx, event)
    await appendAudit(tx, {
      actor: `shell:${process.getuid?.() ?? 'unknown'}`,
      action: 'feed.renewed',
      object: epoch,
    })
    return { epoch, subjects, restored }
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
