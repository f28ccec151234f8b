import type { Pool } from 'pg'
import type { GoldenLine } from '../../src/domain/golden.ts'
import type { BatchId, ChunkId, DeliveryId } from '../../src/domain/ids.ts'
import { advanceChunk, claimChunk, fenceChunk, postponeChunk } from '../../src/engine/chunk.sql.ts'
import { type Composed, composeDelivery } from '../../src/forward/compose.ts'
import { insertDelivery } from '../../src/forward/delivery.sql.ts'
import type { ForwardDeps } from '../../src/forward/forward.stage.ts'
import { forwardStage } from '../../src/forward/forward.stage.ts'
import type { ReceiptPolicy } from '../../src/forward/receipts/attest.ts'
import { openReceiver } from '../../src/forward/receiver.client.ts'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { signerOf, verifiersOf } from '../../src/trust/keys/signing-keys.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { insertBatch, insertChunk } from '../support/fixtures/rows.ts'

export const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
export const vault = openVault(ring)
export const signer = () => signerOf(ring.deliveries, new Date())
/** The gateway's public keys, as a receiver would have fetched them. */
export const keys = {
  find: (keyid: string) => verifiersOf(ring.deliveries).get(keyid),
  refresh: async () => undefined,
}

/** Golden records of made-up families: one entry each, a family and its members. */
export function goldenLines(batch: BatchId, families: number): GoldenLine[] {
  return Array.from({ length: families }, (_, i): GoldenLine[] => {
    const family = newId('fam')
    const common = { version: 1, origin: [], entries: [[batch, i + 2]] as [BatchId, number][] }
    return [
      { ...common, level: 'keluarga', subject: family, record: { alamat: `Jalan Contoh ${i}`, jumlah_anggota: 2 } },
      { ...common, level: 'individu', subject: newId('per'), family, record: { nama: `Orang ${i}`, umur: 30 } },
      { ...common, level: 'individu', subject: newId('per'), family, record: { nama: `Anak ${i}`, umur: 3 } },
    ]
  }).flat()
}

export type Linked = { batch: BatchId; chunk: ChunkId; delivery: DeliveryId; composed: Composed; lines: GoldenLine[] }

/** A chunk in state `linked` with its delivery, in a batch of its own. */
export async function linkChunk(db: Pool, families = 2, linesFor = goldenLines): Promise<Linked> {
  const [batch, chunk, delivery] = [newId('bat'), newId('chk'), newId('dlv')]
  const lines = linesFor(batch, families)
  const composed = composeDelivery(lines, {
    id: delivery,
    batch,
    platform: 'carik-jakarta',
    dataset: 'carik',
    agreement: 'PKS-1',
    schemaVersion: 'dtsen-v3-2026',
    composedAt: new Date(),
  })
  await inTransaction(db, async (tx) => {
    await insertBatch(tx, { id: batch, received: families })
    await insertChunk(tx, { id: chunk, batch, first_line: 2, entries: families, state: 'linked', new: families })
    await insertDelivery(tx, vault, chunk, composed)
  })
  return { batch, chunk, delivery, composed, lines }
}

/** A forward stage that pushes to an address; `deadlineMs` is short, since a test may wait for it. */
export function pushing(
  db: Pool,
  url: string,
  settings: Partial<ForwardDeps> & { deadlineMs?: number; receipts?: ReceiptPolicy } = {},
) {
  const { deadlineMs = 1000, receipts } = settings
  const receiver = openReceiver({ url, signer, deadlineMs, connections: 4, receipts })
  const deps: ForwardDeps = {
    db,
    vault,
    receiver,
    breaker: { failures: 1000, openSeconds: 30 },
    log: { info: () => undefined },
    crash: () => undefined,
    random: () => 0,
    ...settings,
  }
  return {
    /** What a worker does: claim, run, commit behind the fence. Gives the seconds to wait, or `settled`. */
    work: (chunk: ChunkId) => workOnce(db, forwardStage(deps), chunk),
    [Symbol.asyncDispose]: () => receiver.close(),
  }
}

async function workOnce(db: Pool, stage: ReturnType<typeof forwardStage>, chunk: ChunkId): Promise<number | string> {
  const { rows } = await db.query<{ epoch: number }>(sql`select epoch from chunk where id = ${chunk}`)
  const claimed = await claimChunk(db, { chunk, epoch: rows[0]?.epoch ?? 0 }, 'linked', 60)
  if (claimed === undefined) return 'not claimed'
  try {
    const result = await stage.run(claimed, new AbortController().signal)
    if (result.is === 'later') {
      await postponeChunk(db, claimed, 0, 0)
      return result.seconds
    }
    if (result.is === 'stuck') throw new Error(`line ${result.line} got stuck`)
    return await inTransaction(db, async (tx) => {
      if (!(await fenceChunk(tx, claimed))) return 'fenced off'
      const next = await result.save(tx)
      await advanceChunk(tx, claimed, next)
      return next
    })
  } catch (error) {
    await postponeChunk(db, claimed, 0, 1)
    throw error
  }
}

/** Works a chunk until it settles; gives what each turn said. */
export async function workUntilSettled(worker: { work(chunk: ChunkId): Promise<number | string> }, chunk: ChunkId) {
  const turns: (number | string)[] = []
  while (turns.length < 50) {
    const turn = await worker.work(chunk)
    turns.push(turn)
    if (turn === 'settled') return turns
  }
  throw new Error(`chunk not settled after ${turns.length} turns`)
}
