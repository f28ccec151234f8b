import type { KeyObject } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import type { AuditEnd, AuditFault } from '../../trust/audit/audit.ts'
import { verifyAudit, type Witnessed } from '../../trust/audit/verify.db.ts'
import { openWitnessFile } from '../../trust/audit/witness-file.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { verifiersOf } from '../../trust/keys/signing-keys.ts'
import type { CliContext } from '../context.ts'
import { knownAuditEnd } from '../run/known-end.ts'
import { followCommand } from './audit-follow.ts'
import { witnessCommand } from './witness.ts'

const Checkpoint = Type.Object(
  { sequence: Type.Integer({ minimum: 0 }), hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) },
  { additionalProperties: false },
)
type Options = { data: string; checkpoint?: string; witness: string[]; json?: true }

const FAULTS: Record<AuditFault['why'], string> = {
  missing: 'is missing',
  moved: 'does not follow the row before it',
  altered: 'was altered',
  replaced: 'is another one than was noted by the checkpoint',
  unsigned: 'and those after it were never signed, though they are more than two days old',
  forged: 'is under a checkpoint that no key of this installation signed',
}

/** `titian audit`: whether the log of who did what is still whole. */
export function auditCommand(context: CliContext): Command {
  const command = new Command('audit').description('The log of who did what')
  command
    .command('verify')
    .description('Walk the audit log and name the first row that was altered, moved or taken away; exit 1 then')
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .option('--checkpoint <file>', 'where the end of the log was noted and is noted again; else in the data folder')
    .option(
      '--witness <file>',
      'a file that titian audit witness keeps, or a checkpoint as GET /v1/audit/checkpoint gave it; several times for several',
      (file: string, files: string[]) => [...files, file],
      [] as string[],
    )
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const file = options.checkpoint ?? join(options.data, 'audit-checkpoint.json')
      const noted = await readCheckpoint(file)
      const db = await context.openDatabase(options.data)
      try {
        const keys = await signingKeys(context, options.data)
        const witnessed = await Promise.all(options.witness.map((name) => readWitness(name, keys)))
        const { end, fault, signed } = await verifyAudit(db, {
          noted: furthest(noted, await knownAuditEnd(db, options.data)),
          keys,
          witnessed,
          now: new Date(),
        })
        if (fault === undefined) await writeCheckpoint(file, end)
        if (options.json)
          context.out(JSON.stringify({ rows: end.sequence, signed, hash: end.hash, fault: fault ?? null }))
        else
          context.out(
            fault === undefined
              ? `${end.sequence} rows, whole; ${signed} of them under signed checkpoints`
              : `${rowOf(fault)} ${FAULTS[fault.why]}`,
          )
        if (fault !== undefined) context.exit(1)
      } finally {
        await db.end()
      }
    })
  command.addCommand(followCommand(context, FAULTS))
  command.addCommand(witnessCommand(context))
  return command
}

/** The first bad row, or among which it is. */
function rowOf({ sequence, upTo }: AuditFault): string {
  return upTo === undefined || upTo === sequence ? `row ${sequence}` : `one of the rows ${sequence} to ${upTo}`
}

/** The keys that sign checkpoints, retired ones too. */
async function signingKeys({ env }: CliContext, data: string): Promise<KeyObject[]> {
  const ring = await loadKeyRing(keySettingsOf(env), data)
  return [...verifiersOf(ring.deliveries).values()]
}

async function readWitness(file: string, keys: readonly KeyObject[]): Promise<Witnessed> {
  const witnessed = openWitnessFile(await readFile(file, 'utf8'), keys)
  if (witnessed === undefined)
    throw new TitianError(
      'bad-request',
      `${file} is no checkpoint of an audit log that a key of this installation signed`,
    )
  return witnessed
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
