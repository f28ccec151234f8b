import { generateKeyPairSync } from 'node:crypto'
import { compactVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type ReceiptPolicy, refusedDigest } from '../../src/forward/receipts/attest.ts'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { signStatement } from '../../src/trust/signatures/statement.ts'
import { sequenced, served } from '../forward/api.ts'
import { linkChunk, pushing, workUntilSettled } from '../forward/gateway.ts'
import { freshDatabase } from '../support/database.ts'
import { freshReceiver } from './stand-in.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const signer = { keyid: 'rcp-1', key: privateKey }
const find = (keyid: string) => (keyid === 'rcp-1' ? publicKey : undefined)
const SIGNED: ReceiptPolicy = { isRequired: true, find }
const ANY: ReceiptPolicy = { isRequired: false, find }

type Stored = {
  state: string
  receipt: { jws?: string; refused: { subject: string; code: string }[] } | null
  keyid: string | null
  last: string | null
}

async function stored(db: Awaited<ReturnType<typeof freshDatabase>>): Promise<Stored> {
  const { rows } = await db.pool.query(
    'select state, receipt, receipt_keyid as keyid, last_answer as last from delivery order by composed_order desc limit 1',
  )
  return rows[0]
}

describe('a signed receipt', () => {
  it('is stored with the key it holds under, and another library verifies what was signed', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver({ signer })
    await using worker = pushing(db.pool, receiver.url, { receipts: SIGNED })
    const { chunk, composed } = await linkChunk(db.pool)
    await receiver.misbehave('refuse')
    expect(await worker.work(chunk)).toBe('settled')
    const { receipt, keyid } = await stored(db)
    expect(keyid).toBe('rcp-1')
    const { payload, protectedHeader } = await compactVerify(receipt?.jws ?? '', publicKey)
    expect(protectedHeader).toMatchObject({ kid: 'rcp-1', typ: 'titian-receipt+jws' })
    const { delivery, batch, digest, entries } = composed.manifest
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({
      ...{ delivery, batch, digest, entries },
      records: 3,
      refused: 3,
      refused_digest: refusedDigest(receipt?.refused ?? []),
      iat: expect.any(Number),
    })
  })

  it.for([
    ['wrong-signature', 'failed: receipt-signature-wrong'],
    ['unsigned', 'failed: receipt-unsigned'],
  ] as [Mode, string][])('that is %s is not believed, and the delivery is asked for again', async ([mode, answer]) => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver({ signer })
    await using worker = pushing(db.pool, receiver.url, { receipts: SIGNED })
    const { chunk } = await linkChunk(db.pool)
    await receiver.misbehave(mode)
    expect(await worker.work(chunk)).toEqual(expect.any(Number))
    expect(await stored(db)).toMatchObject({ state: 'composed', receipt: null, keyid: null, last: answer })
    await workUntilSettled(worker, chunk)
    expect(await stored(db)).toMatchObject({ state: 'acknowledged', keyid: 'rcp-1' })
    expect(await receiver.counts()).toMatchObject({ deliveries: 1 })
  })

  it('that does not hold is not passed over where none is demanded', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver({ signer })
    await using worker = pushing(db.pool, receiver.url, { receipts: ANY })
    const { chunk } = await linkChunk(db.pool)
    await receiver.misbehave('wrong-signature')
    expect(await worker.work(chunk)).toEqual(expect.any(Number))
    expect(await stored(db)).toMatchObject({ state: 'composed', last: 'failed: receipt-signature-wrong' })
  })

  it('is not needed of an older receiver, and not looked at without keys', async () => {
    await using db = await freshDatabase()
    await using older = await freshReceiver()
    await using receiver = await freshReceiver({ signer })
    await using lenient = pushing(db.pool, older.url, { receipts: ANY })
    await using keyless = pushing(db.pool, receiver.url)
    expect(await lenient.work((await linkChunk(db.pool)).chunk)).toBe('settled')
    expect(await stored(db)).toMatchObject({
      keyid: null,
      receipt: expect.not.objectContaining({ jws: expect.anything() }),
    })
    expect(await keyless.work((await linkChunk(db.pool)).chunk)).toBe('settled')
    expect(await stored(db)).toMatchObject({ keyid: null, receipt: { jws: expect.any(String) } })
  })

  it('is the same to the last byte however often it is asked for', async () => {
    await using db = await freshDatabase()
    await using receiver = await freshReceiver({ signer })
    const said: unknown[] = []
    const { chunk } = await linkChunk(db.pool)
    await using worker = pushing(db.pool, receiver.url, { receipts: SIGNED })
    await workUntilSettled(worker, chunk)
    said.push((await stored(db)).receipt?.jws)
    await db.pool.query("update delivery set state = 'composed', acknowledged_at = null, acknowledged_by = null")
    await db.pool.query("update chunk set state = 'linked'")
    await workUntilSettled(worker, chunk)
    said.push((await stored(db)).receipt?.jws)
    expect(said[0]).toEqual(said[1])
  })
})

describe('an acknowledgement by pull', () => {
  it('is signed where only signed ones are taken', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool, 'http://127.0.0.1', SIGNED)
    const [linked] = await sequenced(db.pool, 1)
    const manifest = linked?.composed.manifest
    if (manifest === undefined) throw new Error('no delivery')
    const { delivery, batch, digest, entries } = manifest
    const facts = {
      delivery,
      batch,
      digest,
      entries,
      records: 6,
      refused: 0,
      refused_digest: refusedDigest([]),
      iat: 1,
    }
    const ack = async (jws?: string) => {
      const answer = await api.post(`/v1/deliveries/${delivery}/ack`, { digest, ...(jws && { jws }) })
      const body = (await answer.json()) as { errors?: { code: string }[]; state?: string }
      return [answer.status, body.errors?.[0]?.code ?? body.state]
    }
    expect(await ack()).toEqual([400, 'receipt-unsigned'])
    const said = (says: object, by = signer) => signStatement(says, 'titian-receipt+jws', by)
    expect(await ack(await said(facts, { ...signer, keyid: 'rcp-2' }))).toEqual([400, 'receipt-key-unknown'])
    expect(await ack(await said({ ...facts, records: 5 }))).toEqual([400, 'receipt-signed-other'])
    expect(await ack(await signStatement(facts, 'at+jwt', signer))).toEqual([400, 'receipt-signature-wrong'])
    expect((await stored(db)).state).toBe('composed')
    expect(await ack(await said(facts))).toEqual([200, 'acknowledged'])
    expect(await stored(db)).toMatchObject({ keyid: 'rcp-1' })
  })
})
