import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { createKeyRing, rotateKeyRing, withoutSealKeys } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { SEALED_COLUMNS } from '../../../src/trust/reseal/columns.ts'
import { readKeyUse } from '../../../src/trust/reseal/key-use.db.ts'
import { resealAll, resealTask } from '../../../src/trust/reseal/reseal.db.ts'
import { freshDatabase } from '../../support/database.ts'
import { openEverything } from '../../support/opened.ts'

// Binary columns that hold no sealed value: digests, blind indexes, numbers under the index key, packed numbers, and reports, which never hold a value.
const OPEN = new Set(
  [
    'audit.details audit.hash audit.previous audit_block.root audit_checkpoint.leaves audit_checkpoint.root',
    'correction_task.record_index correction_task.content lookup_row.content_index lookup_row.key_index used_proof.index batch.payload_sha256 batch_part.sha256 blocking.record blocking.number delivery.chain delivery.changes',
    'delivery.digest delivery.subjects entry.key_index erased.index identifier.index key_conflict.key_index link_claim.keys',
    'link_decision.a link_decision.b label_pair.a label_pair.b link_decision.leaver link_mark.marks programme_list.digest receipt.root receipt_block.leaves',
    'receipt_block.root report.findings review.a review.b session.index snapshot_key.record_index source_record.content_hash',
    'source_record.key_index subject.golden_hash subject.region_hash subject_result.content_hash upload.sha256 withdrawal.named',
    'withdrawal_target.entry_index withdrawal_target.record_index account.name_index account.password_salt',
    'account.password_digest account.subject_index account_recovery.digest account_session.index',
  ].flatMap((line) => line.split(' ')),
)
// Texts of this name that are codes, and no words of a steward.
const CODES = new Set([
  'subject_result.reason',
  'result_stranger.reason',
  'withdrawal.reason',
  'webhook.disabled_reason',
  // Said of an alert.
  'alert_silence.reason',
])

describe('the list of sealed columns', () => {
  it('has every binary column and every reason that is not known to be open', async () => {
    await using db = await freshDatabase()
    const { rows } = await db.pool.query<{ name: string }>(`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and (data_type = 'bytea' or column_name like '%reason')`)
    const listed = new Set(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`))
    const unknown = rows
      .map(({ name }) => name)
      .filter((name) => !listed.has(name) && !OPEN.has(name) && !CODES.has(name))
    expect(unknown).toEqual([])
    const present = new Set(rows.map(({ name }) => name))
    expect([...listed, ...OPEN].filter((name) => !present.has(name))).toEqual([])
  })
})

/** Fills every sealed column through the places that the list states. */
async function fill(db: Pool, seal: (text: string, aad: string) => Buffer): Promise<number> {
  const column = (table: string, name: string) => {
    const found = SEALED_COLUMNS.find((one) => one.table === table && one.column === name)
    if (found === undefined) throw new Error(`${table}.${name} is not sealed`)
    return found
  }
  await db.query(`insert into batch (id, platform, dataset, dataset_version, agreement, idempotency_key)
    values ('bat_1', 'jembrana', 'd', '1', 'a', 'k')`)
  for (let at = 0; at < 30; at++) {
    const id = `chk_${at}`
    const [raw, cleaned] = ['raw', 'cleaned'].map((name) =>
      seal(`${name} of ${at} ${'x'.repeat(20_000)}`, column('chunk', name).place(['jembrana', id])),
    )
    await db.query(
      `insert into chunk (id, batch, platform, first_line, entries, raw, cleaned) values ($1, 'bat_1', 'jembrana', $2, 1, $3, $4)`,
      [id, at + 1, raw, cleaned],
    )
  }
  for (let at = 0; at < 500; at++) {
    const key = at.toString(16).padStart(32, '0')
    const sealed = seal(`record ${at}`, column('source_record', 'sealed').place(['jembrana', key]))
    await db.query(
      `insert into source_record (key_index, subject, platform, dataset, receipt_order, batch, line, content_hash, sealed)
       values (decode($1, 'hex'), 'per_1', 'jembrana', 'd', 1, 'bat_1', $2, '\\x00', $3)`,
      [key, at, sealed],
    )
  }
  const words = seal('words', column('release', 'reason').place([])).toString('base64')
  await db.query(`insert into release (batch, actor, reason, released) values ('bat_1', 'ops', $1, 1)`, [words])
  return 30 * 2 + 500 + 1
}

describe('sealing anew', () => {
  it('leaves nothing under the old key, though it is killed on the way, and every value as it was', async () => {
    await using db = await freshDatabase()
    const ring = createKeyRing(new Date(Date.now() - 1000))
    const before = openVault(ring)
    const values = await fill(db.pool, (text, aad) => before.seal(Buffer.from(text), aad))
    const texts = (await openEverything(db.pool, before)).map(({ text }) => text).sort()
    const rotated = rotateKeyRing(ring, new Date())
    const vault = openVault(rotated)
    let turns = 0
    const crash = () => {
      turns += 1
      if (turns % 2 === 1 && turns < 10) throw new Error('killed')
    }
    const task = resealTask({ vault, ring: rotated, crash })
    let killed = 0
    for (let turn = 0; turn < 20; turn++) await task.run(db.pool).catch(() => killed++)
    expect(killed).toBe(5)
    expect(await readKeyUse(db.pool)).toMatchObject([{ version: 2, values }])
    expect((await openEverything(db.pool, vault)).map(({ text }) => text).sort()).toEqual(texts)
    const left = withoutSealKeys(rotated, new Set([1]), new Date())
    expect(left.seal.map(({ version }) => version)).toEqual([2])
    expect((await openEverything(db.pool, openVault(left))).length).toBe(values)
  })

  it('finds what a straggler sealed under the old key after all was clean', async () => {
    await using db = await freshDatabase()
    const ring = createKeyRing(new Date(Date.now() - 1000))
    const old = openVault(ring)
    const rotated = rotateKeyRing(ring, new Date())
    const deps = { vault: openVault(rotated), ring: rotated, crash: () => undefined }
    const wait = () => Promise.reject(new Error('nobody holds anything'))
    expect(await resealAll(db.pool, deps, wait)).toBe(0)
    const values = await fill(db.pool, (text, aad) => old.seal(Buffer.from(text), aad))
    expect(await resealAll(db.pool, deps, wait)).toBe(values)
    expect(await resealAll(db.pool, deps, wait)).toBe(0)
  })
})
