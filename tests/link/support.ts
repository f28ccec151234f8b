import { readFileSync } from 'node:fs'
import type { Pool, PoolClient } from 'pg'
import type { Change } from '../../src/domain/change.ts'
import type { CanonicalRecord, CleanEntry } from '../../src/domain/entry.ts'
import type { DeliveryLine, GoldenLine } from '../../src/domain/golden.ts'
import type { BatchId, ChunkId, SubjectId } from '../../src/domain/ids.ts'
import { REGISTERS } from '../../src/domain/register.ts'
import { decodeReport } from '../../src/domain/report.ts'
import type { ChunkState } from '../../src/domain/states.ts'
import { sealCleaned } from '../../src/engine/chunks/sealed-chunk.ts'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { linkStage } from '../../src/link/link.stage.ts'
import { openRelink } from '../../src/link/persons/relink.db.ts'
import { unmergePerson } from '../../src/link/review/unmerge.db.ts'
import { readModel } from '../../src/link/score/model-file.ts'
import { lockSubjects } from '../../src/link/subjects/subjects.sql.ts'
import { compileSurvivorship } from '../../src/link/subjects/survivorship.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { insertBatch, insertChunk } from '../support/fixtures/rows.ts'

export const ring = createKeyRing(new Date(0))
export const vault = openVault(ring)
const survivorship = compileSurvivorship({
  default: ['carik', 'p3ke-keluarga', 'p3ke-individu', 'dtks-rumah-tangga', 'dtks-individu'],
  fields: { 'individu.ijazah_tertinggi_yang_dimiliki': ['dtks-individu'] },
})

/** An accepted entry of one line. */
export function entry(line: number, key: string, ...records: CanonicalRecord[]): CleanEntry {
  return { line, key, verdict: 'accepted', findings: [], records }
}

export function person(key: string, fields: CanonicalRecord['fields'], more: Partial<CanonicalRecord> = {}) {
  return { level: 'individu', key, path: '', fields, ...more } satisfies CanonicalRecord
}

export function family(key: string, fields: CanonicalRecord['fields'], more: Partial<CanonicalRecord> = {}) {
  return { level: 'keluarga', key, path: '', fields, ...more } satisfies CanonicalRecord
}

export const scoringModel = readModel(
  readFileSync(new URL('../../src/registry/linkage/model.json', import.meta.url), 'utf8'),
)

/** Judges nobody to be the same as anybody. */
export const strict = { ...scoringModel, thresholds: { ...scoringModel.thresholds, same: 500, unsure: 400 } }

/** What lines are told with: a code in the other scheme that is easily seen, and the register that a dataset's name begins with. */
export const telling = {
  regionOf: (bps: string) => ({ bps, kemendagri: `K${bps}` }),
  registerOf: (name: string) => REGISTERS.find((register) => name.startsWith(register)) ?? ('own' as const),
  coverage: () => undefined,
}

type Submission = { platform?: string; dataset?: string; batch?: BatchId; firstLine?: number; isReleased?: boolean }

/** Puts cleaned entries into the database as a chunk that is ready to be linked. */
export async function submit(
  db: Pool,
  entries: CleanEntry[],
  {
    platform = 'carik-jakarta',
    dataset = 'carik',
    batch,
    firstLine = entries[0]?.line ?? 1,
    isReleased = false,
  }: Submission = {},
): Promise<ClaimedChunk> {
  const id = newId('chk')
  const batchId = batch ?? (await openBatch(db, platform, dataset))
  const cleaned = sealCleaned(vault, { id, platform }, entries)
  const of = { id, batch: batchId, platform, first_line: firstLine }
  await insertChunk(db, { ...of, entries: entries.length, state: 'clean', cleaned })
  const { rows } = await db.query<{ order: string }>(sql`
    select receipt_order as order from batch where id = ${batchId}`)
  return {
    id,
    batch: batchId,
    kind: 'push',
    platform,
    dataset,
    datasetVersion: '1',
    agreement: 'PKS-1',
    receiptOrder: rows[0]?.order ?? '0',
    firstLine,
    entries: entries.length,
    epoch: 1,
    attempts: 1,
    isReleased,
    isSnapshot: false,
  }
}

/** A received batch without chunks yet. */
export async function openBatch(db: Pool, platform = 'carik-jakarta', dataset = 'carik'): Promise<BatchId> {
  return (await insertBatch(db, { platform, dataset })).id
}

/** The chunk of a decision, as the runner claims it. */
export async function correction(
  db: Pool,
  { batch, chunk }: { batch: BatchId; chunk: ChunkId },
): Promise<ClaimedChunk> {
  const { rows } = await db.query<ClaimedChunk>(sql`
    select c.id, c.batch, b.kind, c.platform, b.dataset, b.dataset_version as "datasetVersion", b.agreement,
      b.receipt_order as "receiptOrder", c.first_line as "firstLine", c.entries, 1 as epoch, 1 as attempts,
      c.released as "isReleased", false as "isSnapshot"
    from chunk c join batch b on b.id = c.batch where c.id = ${chunk} and b.id = ${batch}`)
  if (rows[0] === undefined) throw new Error('there is no such correction')
  return rows[0]
}

/** The blind index of a value, as the link stage makes it. */
export function indexOf(purpose: 'key', value: string): string {
  return vault.index(purpose, value).toString('hex')
}

/** `lines` are the golden ones; `told` are all that BPS is told, `beside` what is told beside them. */
export type Linked = {
  state: ChunkState | 'later'
  lines: GoldenLine[]
  told: DeliveryLine[]
  beside: Change[]
  /** Subjects whose records have changed, as those are told who follow them. */
  followed: SubjectId[]
  /** How many entries were worked anew, since somebody else had changed what they depend on. */
  anew: number
}

/** The lines that are a golden record. */
function goldenOnly(lines: readonly DeliveryLine[]): GoldenLine[] {
  return lines.filter((line): line is GoldenLine => line.kind === undefined)
}

/** What happens to a worker while it links a chunk. */
export type LinkTurns = {
  /** Ends the transaction before its commit. */
  crash?: boolean
  judge?: typeof scoringModel
  /** Runs before the transaction begins, while the worker's lease has ended. */
  meanwhile?: () => Promise<void>
  /** Waited for when the chunk is planned, and when its rows are inserted and the lock is not taken yet. */
  pause?: () => Promise<void>
  /** Waited for when the rows of subjects and records are inserted, each time that they are. */
  whileInserting?: () => Promise<void>
  /** Runs inside the transaction when all is written. */
  beforeCommit?: () => Promise<void>
  /** Draws the ids of subjects. Those of one millisecond sort by chance: whoever compares two registries counts. */
  newSubjectId?: <K extends 'per' | 'fam'>(kind: K) => `${K}_${string}`
}

/** Works a chunk as the runner does. */
export async function link(
  db: Pool,
  chunk: ClaimedChunk,
  {
    crash = false,
    judge = scoringModel,
    meanwhile,
    pause,
    whileInserting,
    beforeCommit,
    newSubjectId = newId,
  }: LinkTurns = {},
): Promise<Linked> {
  const told: DeliveryLine[] = []
  const beside: Change[] = []
  const followed: SubjectId[] = []
  let anew = 0
  const stage = linkStage<{ lines: readonly DeliveryLine[]; beside: readonly Change[] }>({
    db,
    vault,
    survivorship,
    scoringModel: judge,
    newPerson: () => newSubjectId('per'),
    newFamily: () => newSubjectId('fam'),
    newReview: () => newId('rev'),
    crash: () => undefined,
    lock: lockSubjects,
    noteAnew: (entries) => {
      anew += entries
    },
    noteOversized: () => undefined,
    ...telling,
    compose: (_, lines, others) => ({ lines, beside: others }),
    deliver: async (_tx: PoolClient, _chunk, composed) => {
      // What is delivered again takes the place of what was.
      told.splice(0, told.length, ...composed.lines)
      beside.splice(0, beside.length, ...composed.beside)
    },
    follow: async (_tx, subjects) => {
      followed.push(...subjects)
    },
  })
  // A worker that is overtaken between its two steps has been silent for longer than its lease.
  await db.query(sql`
    update chunk set epoch = ${chunk.epoch}, lease_until = now() + make_interval(secs => ${meanwhile ? 0 : 60})
    where id = ${chunk.id}`)
  const result = await stage.run(chunk, AbortSignal.timeout(60_000))
  if (result.is === 'stuck') throw new Error(`line ${result.line} got stuck`)
  if (result.is === 'later') return { state: 'later', lines: [], told, beside, followed, anew }
  await meanwhile?.()
  await pause?.()
  const state = await inTransaction(db, async (tx) => {
    const next = await result.save(pausing(tx, { [TAKES_LOCK]: pause, [INSERTS_ENTRIES]: whileInserting }))
    await tx.query(sql`update chunk set state = ${next} where id = ${chunk.id}`)
    await beforeCommit?.()
    if (crash) throw new Error('crash')
    return next
  })
  return { state, lines: goldenOnly(told), told, beside, followed, anew }
}

const TAKES_LOCK = "hashtext('titian link')"
const INSERTS_ENTRIES = 'select line from entry where batch'

/** A transaction that pauses before some statements, each known by a part of it. */
function pausing(tx: PoolClient, pauses: Readonly<Record<string, (() => Promise<void>) | undefined>>): PoolClient {
  return new Proxy(tx, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      if (name !== 'query') return value.bind(target)
      return (...given: unknown[]) => {
        const [{ text = '' }] = given as [{ text?: string }]
        const ask = () => Reflect.apply(value, target, given) as unknown
        const [, pause] = Object.entries(pauses).find(([part]) => text.includes(part)) ?? []
        return pause === undefined ? ask() : pause().then(ask)
      }
    },
  })
}

/** Submits and links in one go. */
export async function push(db: Pool, entries: CleanEntry[], submission: Submission = {}): Promise<Linked> {
  return link(db, await submit(db, entries, submission))
}

/** Takes records away from a person as a steward does, and links the correction. */
export async function unmerge(db: Pool, person: SubjectId, leaving: readonly string[]) {
  const fresh: { batch: BatchId; chunk: ChunkId } = { batch: newId('bat'), chunk: newId('chk') }
  const wish = { person, leaving, by: 'steward', reason: 'r' }
  const unmerged = await inTransaction(db, (tx) => unmergePerson(tx, wish, fresh))
  return { unmerged, linked: unmerged === 'parted' ? await link(db, await correction(db, fresh)) : undefined }
}

/** Judges all stored records again, as `titian link relink` does. */
export async function judgeAll(db: Pool, turns: LinkTurns = {}) {
  const batch = newId('bat')
  const chunks: ChunkId[] = []
  const newChunk = () => {
    const id = newId('chk')
    chunks.push(id)
    return id
  }
  const records = await inTransaction(db, (tx) => openRelink(tx, vault, { batch, newChunk }))
  const lines = []
  for (const chunk of chunks) lines.push(...(await link(db, await correction(db, { batch, chunk }), turns)).lines)
  return { batch, records, lines }
}

/** What a golden record says, whatever its version and the entries behind it. */
export function content({ record, origin, extensions }: GoldenLine) {
  return { record, origin, extensions }
}

/** The outcomes in the ledger, by line, of the newest chunk or of all chunks of a batch. */
export async function outcomesOf(db: Pool, batch: BatchId): Promise<Record<number, string>> {
  const { rows } = await db.query<{ line: number; outcome: string }>(sql`
    select line, outcome from entry where batch = ${batch} order by line`)
  return Object.fromEntries(rows.map(({ line, outcome }) => [line, outcome]))
}

/** Findings of the link stage in a batch as `line code path`; that persons live nowhere is left out, as most of the tests do not place theirs. */
export async function findingsOf(db: Pool, batch: BatchId): Promise<string[]> {
  return (await allFindingsOf(db, batch)).filter((text) => !text.includes(' person-unplaced '))
}

/** All findings of the link stage in a batch as `line code path`. */
export async function allFindingsOf(db: Pool, batch: BatchId): Promise<string[]> {
  const { rows } = await db.query<{ findings: Buffer }>(sql`
    select r.findings from report r join chunk c on c.id = r.chunk
    where c.batch = ${batch} and r.stage = 'link' order by c.first_line`)
  return rows.flatMap(({ findings }) => decodeReport(findings).map(({ line, code, path }) => `${line} ${code} ${path}`))
}
