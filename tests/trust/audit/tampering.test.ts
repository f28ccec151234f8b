import { describe, expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { appendAudit, readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { leafOf } from '../../../src/trust/audit/audit.ts'
import { makeCheckpoint } from '../../../src/trust/audit/checkpoint.db.ts'
import { lastCheckpoint } from '../../../src/trust/audit/checkpoint.sql.ts'
import { verifyAudit } from '../../../src/trust/audit/verify.db.ts'
import { formatWitnessFile, openWitnessFile } from '../../../src/trust/audit/witness-file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { verifiersOf } from '../../../src/trust/keys/signing-keys.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { type Change, drop, edit, exchange, FORGE, HIDE, insert, recount, tamper, truncate } from './tamper.ts'

const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
const keys = [...verifiersOf(ring.deliveries).values()]
const deps = { ring, publicUrl: 'https://titian.example', clock: () => new Date('2026-11-28T00:00:00Z') }
// Three rows and the names of three keys under one checkpoint, three more under the next, and a row that none covers.

async function openLog() {
  const db = await freshDatabase()
  let witness = ''
  for (const count of [3, 3]) {
    for (let i = 0; i < count; i++) await append(db, `bat_${i}`)
    await makeCheckpoint(db.pool, deps)
    witness = (await lastCheckpoint(db.pool))?.note ?? ''
  }
  await append(db, 'bat_late')
  const leaves = (await readAuditRows(db.pool, 0)).slice(0, -1).map(leafOf)
  return Object.assign(db, { witness, leaves })
}

function append(db: TestDatabase, object: string) {
  const shown = { records: 7, purpose: 'sync' }
  return inTransaction(db.pool, (tx) => appendAudit(tx, { actor: 'bps', action: 'delivery.read', object, shown }))
}

describe('tampering with the audit log by a superuser', () => {
  it('is not found where there is none', async () => {
    await using log = await openLog()
    const witness = openWitnessFile(log.witness, keys)
    const verdict = await verifyAudit(log.pool, { keys, witnessed: witness ? [witness] : [] })
    expect(verdict).toMatchObject({ signed: 9, end: { sequence: 10 } })
    expect(verdict.fault).toBeUndefined()
  })

  it.each<[what: string, change: Change, how: 'as-is' | 'anew', also: string, fault: object]>([
    ['an edited row', edit, 'as-is', '', { sequence: 5, why: 'altered' }],
    ['an edited row, all hashes written anew', edit, 'anew', '', { sequence: 5, why: 'replaced' }],
    ['another count beside a reading', recount, 'as-is', '', { sequence: 8, why: 'altered' }],
    ['a deleted row', drop, 'as-is', '', { sequence: 5, why: 'missing' }],
    ['a deleted row, all numbers and hashes written anew', drop, 'anew', '', { sequence: 5, why: 'replaced' }],
    ['an inserted row, all written anew', insert, 'anew', '', { sequence: 5, why: 'replaced' }],
    ['two rows exchanged, all written anew', exchange, 'anew', '', { sequence: 5, why: 'replaced' }],
    ['rows cut off', truncate, 'as-is', '', { sequence: 5, why: 'missing' }],
    ['rows cut off, with the checkpoints over them', truncate, 'as-is', HIDE, { sequence: 5, why: 'missing' }],
    ['an edited row, without the checkpoints over it', edit, 'anew', HIDE, { sequence: 5, why: 'replaced' }],
    ['an edited row, the leaves of checkpoints too', edit, 'anew', FORGE, { sequence: 5, why: 'replaced' }],
  ])('is found by a witness who keeps the leaves: %s', async (_, change, how, also, fault) => {
    await using log = await openLog()
    const witness = openWitnessFile(formatWitnessFile(log.witness, log.leaves), keys)
    await tamper(log, change, how, also)
    expect((await verifyAudit(log.pool, { keys, witnessed: witness ? [witness] : [] })).fault).toEqual(fault)
  })

  it.each<[what: string, change: Change, also: string, fault: object]>([
    ['by the leaves of the checkpoints', edit, '', { sequence: 5, why: 'replaced' }],
    ['within a minute, where these are gone too', edit, FORGE, { sequence: 1, why: 'replaced', upTo: 6 }],
    [
      'within what it covers, where all later checkpoints are gone',
      edit,
      HIDE,
      { sequence: 1, why: 'replaced', upTo: 9 },
    ],
  ])('is found by a witness who keeps the checkpoint alone: %s', async (_, change, also, fault) => {
    await using log = await openLog()
    const witness = openWitnessFile(log.witness, keys)
    await tamper(log, change, 'anew', also)
    expect((await verifyAudit(log.pool, { keys, witnessed: witness ? [witness] : [] })).fault).toEqual(fault)
  })

  it('is found without any witness as long as checkpoints are kept, and a checkpoint of another key is none', async () => {
    await using log = await openLog()
    await tamper(log, edit, 'anew')
    expect((await verifyAudit(log.pool, { keys })).fault).toEqual({ sequence: 5, why: 'replaced' })
    const stranger = [...verifiersOf(createKeyRing(new Date()).deliveries).values()]
    expect((await verifyAudit(log.pool, { keys: stranger })).fault).toMatchObject({ sequence: 1, why: 'forged' })
    expect(openWitnessFile(log.witness, stranger)).toBeUndefined()
  })

  it('is suspected where nobody signed a row for two days', async () => {
    await using log = await openLog()
    const in3Days = new Date(Date.now() + 3 * 86_400_000)
    expect((await verifyAudit(log.pool, { keys, now: in3Days })).fault).toEqual({ sequence: 10, why: 'unsigned' })
    expect((await verifyAudit(log.pool, { keys, now: new Date() })).fault).toBeUndefined()
  })
})
