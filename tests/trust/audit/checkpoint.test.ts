import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { readAuditOf, readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { leafOf } from '../../../src/trust/audit/audit.ts'
import { auditOrigin, makeCheckpoint } from '../../../src/trust/audit/checkpoint.db.ts'
import { secondsUnconfirmed } from '../../../src/trust/audit/checkpoint.sql.ts'
import { readWitnesses } from '../../../src/trust/audit/witness-keys.file.ts'
import { rotateKeyRing } from '../../../src/trust/keys/keyring.ts'
import { verifiersOf } from '../../../src/trust/keys/signing-keys.ts'
import { type Checkpoint, parseCheckpoint } from '../../../src/trust/tree/checkpoint.ts'
import { isConsistent } from '../../../src/trust/tree/consistency.ts'
import { cosign, formatWitness, openCosignature } from '../../../src/trust/tree/cosignature.ts'
import { rootOf } from '../../../src/trust/tree/merkle.ts'
import { openNote } from '../../../src/trust/tree/note.ts'
import { openGateway, problemOf, push, type TestGateway } from '../../flows/gateway.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const witness = { name: 'bps.example/saksi', key: createPublicKey(privateKey) }
const folder = mkdtempSync(join(tmpdir(), 'titian-witness-'))
const file = join(folder, 'witnesses.txt')

let gateway: TestGateway
let utara: Awaited<ReturnType<TestGateway['caller']>>

beforeAll(async () => {
  writeFileSync(file, `# saksi\n\n${formatWitness(witness)}\n`)
  gateway = await openGateway({ WITNESS_KEYS_FILE: file, AUDIT_STOP_HOURS: '2' })
  utara = await gateway.caller('utara')
}, 300_000)
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await gateway[Symbol.asyncDispose]()
})

const depsOf = () => ({ ...gateway.deps, clock: () => new Date('2026-11-28T00:00:00Z') })
const checkpoint = () => makeCheckpoint(gateway.db.pool, depsOf())

async function newest(): Promise<{ note: string; text: string; said: Checkpoint }> {
  const note = await (await utara('/v1/audit/checkpoint')).text()
  const origin = auditOrigin(gateway.deps.publicUrl)
  const text = openNote(note, origin, verifiersOf(gateway.deps.ring.deliveries).values())
  const said = parseCheckpoint(text ?? '')
  if (text === undefined || said === undefined) throw new Error('the checkpoint is not signed')
  expect(said.origin).toBe(origin)
  return { note, text, said }
}

describe('checkpoints of the audit log', () => {
  it('cover all rows, are made where there are new ones, and write keys down before', async () => {
    expect((await utara('/v1/audit/checkpoint')).status).toBe(404)
    const before = (await readAuditRows(gateway.db.pool, 0)).length
    expect(await checkpoint()).toBe(before + 3)
    expect(await checkpoint()).toBe(0)
    const rows = await readAuditRows(gateway.db.pool, 0)
    expect((await newest()).said).toMatchObject({ size: rows.length, root: rootOf(rows.map(leafOf)) })
    expect(rows.slice(-3).map(({ action, object }) => [action, object.slice(0, 4)])).toEqual([
      ['key.added', 'seal'],
      ['key.added', 'tok-'],
      ['key.added', 'dlv-'],
    ])
  })

  it('follow from one another, over whole blocks too, as their proofs show', async () => {
    const { said: old } = await newest()
    // Some 2,600 rows in one statement: two blocks are whole.
    await gateway.db.pool.query(
      `select append_audit('bps', 'person.read', 'person', 'per_' || n, sha256('[]'), null) from generate_series(1, 2600) n`,
    )
    expect(await checkpoint()).toBe(2600)
    const { said: middle } = await newest()
    await gateway.db.pool.query(
      `select append_audit('bps', 'person.read', 'person', 'per_' || n, sha256('[]'), null) from generate_series(1, 700) n`,
    )
    await checkpoint()
    const rows = []
    for (let place = 0; ; place += 2000) {
      const page = await readAuditRows(gateway.db.pool, place)
      rows.push(...page)
      if (page.length < 2000) break
    }
    const { note, said } = await newest()
    expect(said).toMatchObject({ size: rows.length, root: rootOf(rows.map(leafOf)) })
    for (const earlier of [old, middle, said]) {
      const [proof = '', ...noted] = (await (await utara(`/v1/audit/consistency?old=${earlier.size}`)).text()).split(
        '\n\n',
      )
      const [head, ...hashes] = proof.split('\n').filter(Boolean)
      expect([head, noted.join('\n\n')]).toEqual([`old ${earlier.size}`, note])
      expect(
        isConsistent(
          earlier,
          said,
          hashes.map((hash) => Buffer.from(hash, 'base64')),
        ),
      ).toBe(true)
    }
    expect((await utara(`/v1/audit/consistency?old=${said.size + 1}`)).status).toBe(400)
    const leaves = (await (await utara(`/v1/audit/leaves?after=${old.size}`)).text()).trim().split('\n')
    expect(leaves).toEqual(rows.slice(old.size).map((row) => leafOf(row).toString('base64')))
  })

  it('take the word of a witness whom the operators have named, and of nobody else', async () => {
    const { text, said } = await newest()
    const hand = (line: string, size = said.size) =>
      utara(`/v1/audit/checkpoints/${size}/cosignatures`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: line,
      })
    const line = cosign(text, { ...witness, key: privateKey }, 1_790_000_000)
    expect((await hand(line)).status).toBe(204)
    expect((await hand(line)).status).toBe(204)
    expect((await hand(line, said.size + 1)).status).toBe(404)
    const stranger = generateKeyPairSync('ed25519').privateKey
    expect((await hand(cosign(text, { ...witness, key: stranger }, 1_790_000_000))).status).toBe(400)
    const { note } = await newest()
    expect(openCosignature(text, note.trim().split('\n').at(-1) ?? '', [witness])?.seconds).toBe(1_790_000_000)
    expect(() => readWitnesses(join(folder, 'none'))).toThrow('cannot be read')
    writeFileSync(join(folder, 'bad'), 'bps.example')
    expect(() => readWitnesses(join(folder, 'bad'))).toThrow('line 1')
  })

  it('write down a key that was added or retired since', async () => {
    const { ring } = gateway.deps
    const now = new Date('2026-11-28T00:00:00Z')
    await makeCheckpoint(gateway.db.pool, { ...depsOf(), ring: rotateKeyRing(ring, now) })
    const [old] = ring.deliveries
    const actions = (await readAuditOf(gateway.db.pool, 'key', old?.kid ?? '')).map(({ action }) => action)
    expect(actions).toEqual(['key.added', 'key.retired'])
  })
})

describe('a reading of personal data', () => {
  it('is a row with who, for what and how many', async () => {
    const sent = await push(utara, 'k-read', '{"id":"1"}\n')
    const { id } = (await sent.json()) as { id: string }
    expect((await utara(`/v1/batches/${id}/rows/rejected`)).status).toBe(200)
    expect(await readAuditOf(gateway.db.pool, 'batch', id)).toMatchObject([
      { action: 'batch.received' },
      { action: 'rows.read', actor: utara.id, shown: { purpose: 'mending', which: 'rejected', records: 0 } },
    ])
  })
})

describe('an audit log that nobody signs', () => {
  it('stops what is new after some hours, until it is signed again', async () => {
    await withClient(gateway.db.ownerUrl, (owner) =>
      owner.query("update audit_tree set confirmed_at = now() - interval '3 hours'"),
    )
    expect(Math.round((await secondsUnconfirmed(gateway.db.pool)) / 3600)).toBe(3)
    expect(await problemOf(await push(utara, 'k-stale', '{"id":"1"}\n'))).toEqual({ status: 503, code: 'audit-stale' })
    await checkpoint()
    expect((await push(utara, 'k-stale', '{"id":"1"}\n')).status).toBe(202)
  })

  it('is appended to by the function alone', async () => {
    for (const statement of [
      `insert into audit (sequence, at, actor, action, kind, object, details, previous, hash)
       values (99999, now(), 'x', 'x', 'x', 'x', sha256('a'), sha256('b'), sha256('c'))`,
      'delete from audit_checkpoint',
      "update audit_checkpoint set note = 'x'",
      'delete from audit_cosignature',
      'update audit_block set root = root',
      'delete from audit_tree',
    ])
      await expect(gateway.db.pool.query(statement)).rejects.toThrow('permission denied')
    await withClient(gateway.db.ownerUrl, async (owner) => {
      await expect(owner.query('delete from audit_checkpoint')).rejects.toThrow()
    })
  })
})
