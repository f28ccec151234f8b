import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import type { Log } from '../../io/observe/log.ts'
import { selectDatabaseEnd } from '../../reports/database-end.sql.ts'
import { selectAuditHash } from '../../trust/audit/audit.sql.ts'
import type { AuditEnd } from '../../trust/audit/audit.ts'

const KnownEnd = Type.Object({
  epoch: Type.String(),
  position: Type.Integer({ minimum: 0 }),
  sequence: Type.Integer({ minimum: 0 }),
  hash: Type.String(),
  /** Epochs that a restore ended. */
  before: Type.Array(Type.String()),
})
type KnownEnd = Static<typeof KnownEnd>

const NOTE_MS = 5000
const MOST_EPOCHS = 100

/** Where a process notes how far the database goes: beside it, so that an older copy of the database is told from it. */
function knownEndFile(data: string): string {
  return join(data, 'known-end.json')
}

/**
 * Refuses a database that is an older copy of the one this folder knows, and notes from then on how far it goes. The signal
 * is aborted with the same refusal when an older copy is put in its place while we run.
 */
export async function keepEndNoted(
  { db, log }: { db: pg.Pool; log: Log },
  data: string,
): Promise<AsyncDisposable & { signal: AbortSignal }> {
  const older = new AbortController()
  await noteEnd(db, data)
  let noting = Promise.resolve()
  const timer = setInterval(() => {
    noting = noting
      .then(() => noteEnd(db, data))
      .catch((error: unknown) => {
        // A database or a disk that is away for a moment says nothing of the kind.
        if (!(error instanceof TitianError && error.code === 'server-unsafe')) return
        log.error({ err: error }, 'the database is an older copy')
        older.abort(error)
      })
  }, NOTE_MS)
  return {
    signal: older.signal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await noting
    },
  }
}

/** The end of the audit log that was noted under the database's present epoch; undefined when there is none. */
export async function knownAuditEnd(db: pg.Pool, data: string): Promise<AuditEnd | undefined> {
  const [known, { epoch }] = [await readKnownEnd(data), await selectDatabaseEnd(db)]
  if (known === undefined || known.epoch !== epoch || known.sequence === 0) return undefined
  return { sequence: known.sequence, hash: known.hash }
}

/** Forgets what was noted: the present copy is the one that counts, as its new epoch says. */
export async function acceptEnd(db: pg.Pool, data: string): Promise<void> {
  const [known, end] = [await readKnownEnd(data), await selectDatabaseEnd(db)]
  const before = known === undefined ? [] : [...known.before, known.epoch].slice(-MOST_EPOCHS)
  await writeKnownEnd(data, { ...end, before })
  // What `titian audit verify` noted is of the copy that is gone as well; it is kept for whoever wants to look.
  const checkpoint = join(data, 'audit-checkpoint.json')
  await rename(checkpoint, `${checkpoint}.before-${end.epoch}`).catch(() => undefined)
}

async function noteEnd(db: pg.Pool, data: string): Promise<void> {
  const [known, end] = [await readKnownEnd(data), await selectDatabaseEnd(db)]
  if (known !== undefined && (await isOlder(db, known, end)))
    throw new TitianError(
      'server-unsafe',
      `the database is an older copy of the one that ${data} knows: run titian restore, which begins the feed of deliveries anew`,
    )
  const isSame = known?.epoch === end.epoch && known.position === end.position && known.sequence === end.sequence
  if (isSame) return
  const before =
    known === undefined || known.epoch === end.epoch ? (known?.before ?? []) : [...known.before, known.epoch]
  // A folder that cannot be written at this moment knows less; that is no reason to stop.
  await writeKnownEnd(data, { ...end, before: before.slice(-MOST_EPOCHS) }).catch(() => undefined)
}

async function isOlder(db: pg.Pool, known: KnownEnd, end: Omit<KnownEnd, 'before'>): Promise<boolean> {
  if (known.before.includes(end.epoch)) return true
  if (known.epoch !== end.epoch) return false
  if (end.position < known.position || end.sequence < known.sequence) return true
  return known.sequence > 0 && (await selectAuditHash(db, known.sequence)) !== known.hash
}

async function readKnownEnd(data: string): Promise<KnownEnd | undefined> {
  const text = await readFile(knownEndFile(data), 'utf8').catch(() => '')
  try {
    const known: unknown = JSON.parse(text)
    return Value.Check(KnownEnd, known) ? known : undefined
  } catch {
    return undefined
  }
}

/** In one step, and by a name of this process's own: gateway and workers note into one folder. */
async function writeKnownEnd(data: string, known: KnownEnd): Promise<void> {
  const draft = `${knownEndFile(data)}.${process.pid}`
  try {
    await writeFile(draft, `${JSON.stringify(known)}\n`, { mode: 0o600 })
    await rename(draft, knownEndFile(data))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
