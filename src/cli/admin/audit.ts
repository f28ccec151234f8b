import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import { verifyAudit } from '../../trust/audit/audit.sql.ts'
import type { AuditEnd, AuditFault } from '../../trust/audit/audit.ts'
import type { CliContext } from '../context.ts'
import { knownAuditEnd } from '../run/known-end.ts'

const Checkpoint = Type.Object(
  { sequence: Type.Integer({ minimum: 0 }), hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  { additionalProperties: false },
)
type Options = { data: string; checkpoint?: string; json?: true }

const FAULTS: Record<AuditFault['why'], string> = {
  missing: 'is missing',
  moved: 'does not follow the row before it',
  altered: 'was altered',
  replaced: 'is another one than was noted by the checkpoint',
}

/** `titian audit`: whether the log of who did what is still whole. */
export function auditCommand(context: CliContext): Command {
  const command = new Command('audit').description('The log of who did what')
  command
    .command('verify')
    .description('Walk the audit log and name the first row that was altered, moved or taken away; exit 1 then')
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .option('--checkpoint <file>', 'where the end of the log was noted and is noted again; else in the data folder')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const file = options.checkpoint ?? join(options.data, 'audit-checkpoint.json')
      const noted = await readCheckpoint(file)
      const db = await context.openDatabase(options.data)
      try {
        const { end, fault } = await verifyAudit(db, furthest(noted, await knownAuditEnd(db, options.data)))
        if (fault === undefined) await writeCheckpoint(file, end)
        if (options.json) context.out(JSON.stringify({ rows: end.sequence, hash: end.hash, fault: fault ?? null }))
        else
          context.out(
            fault === undefined ? `${end.sequence} rows, whole` : `row ${fault.sequence} ${FAULTS[fault.why]}`,
          )
        if (fault !== undefined) context.exit(1)
      } finally {
        await db.end()
      }
    })
  return command
}

/** A checkpoint is moved on by this command alone; the end that the services note while they run is newer. */
function furthest(one: AuditEnd | undefined, other: AuditEnd | undefined): AuditEnd | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.sequence >= other.sequence ? one : other
}

async function readCheckpoint(file: string): Promise<Static<typeof Checkpoint> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const noted: unknown = parsed(text)
  if (!Value.Check(Checkpoint, noted)) throw new TitianError('bad-request', `${file} is no checkpoint of an audit log`)
  return noted
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Only ever moved on, and in one step: half a checkpoint would be none. */
async function writeCheckpoint(file: string, end: AuditEnd): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(end)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
