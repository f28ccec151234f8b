import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inTransaction, openPool, withClient } from '../../../src/io/postgres/postgres.ts'
import { appendAudit, readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { AUDIT_START, type AuditEvent, type AuditRow, chainEvent, walkAudit } from '../../../src/trust/audit/audit.ts'
import { verifyAudit } from '../../../src/trust/audit/verify.db.ts'
import { writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'

const EVENT: AuditEvent = { actor: 'wali', action: 'review.same', object: 'rev_1', details: { a: 1, b: 'x' } }

function chain(length: number): AuditRow[] {
  const rows: AuditRow[] = []
  for (let i = 0; i < length; i++) {
    const event = { ...EVENT, object: `rev_${i}` }
    rows.push(chainEvent(event, rows.at(-1) ?? AUDIT_START, new Date(1_800_000_000_000 + i)))
  }
  return rows
}

describe('the audit chain', () => {
  const rows = chain(6)

  it('is whole as it was written', () => {
    expect(walkAudit(rows, AUDIT_START)).toEqual({ end: { sequence: 6, hash: rows[5]?.hash } })
  })

  it('names the first row of any single change', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.constantFrom('actor', 'action', 'kind', 'object', 'details', 'at', 'previous', 'hash'),
        (at, field) => {
          const value = field === 'at' ? new Date(0) : 'ff'.repeat(32)
          const changed = rows.map((row, i) => (i === at ? { ...row, [field]: value } : row))
          expect(walkAudit(changed, AUDIT_START).fault?.sequence).toBe(at + 1)
        },
      ),
    )
  })

  it.each([
    ['a row taken out', rows.toSpliced(2, 1), { sequence: 3, why: 'missing' }],
    ['the first row taken away', rows.slice(1), { sequence: 1, why: 'missing' }],
    [
      'two rows exchanged',
      rows.toSpliced(1, 2, rows[2] as AuditRow, rows[1] as AuditRow),
      { sequence: 2, why: 'missing' },
    ],
    [
      'two rows exchanged with their numbers',
      rows.toSpliced(1, 2, { ...(rows[2] as AuditRow), sequence: 2 }, { ...(rows[1] as AuditRow), sequence: 3 }),
      { sequence: 2, why: 'moved' },
    ],
  ])('notices %s', (_, changed, fault) => {
    expect(walkAudit(changed, AUDIT_START).fault).toEqual(fault)
  })

  it('notices a log that was written anew, against a checkpoint', () => {
    const forged = chain(6).map((row) => ({ ...row }))
    const anew = chainEvent({ ...EVENT, object: 'rev_other' }, forged[3] as AuditRow, new Date())
    const checkpoint = { sequence: 5, hash: rows[4]?.hash ?? '' }
    expect(walkAudit([...forged.slice(0, 4), anew], AUDIT_START, checkpoint).fault).toEqual({
      sequence: 5,
      why: 'replaced',
    })
  })

  it('digests details whatever the order of their names', () => {
    const turned = chainEvent({ ...EVENT, details: { b: 'x', a: 1 } }, AUDIT_START, new Date(0))
    expect(turned).toEqual(chainEvent(EVENT, AUDIT_START, new Date(0)))
    const other = chainEvent({ ...EVENT, details: { a: 1, b: 'y' } }, AUDIT_START, new Date(0))
    expect(other.details).not.toBe(turned.details)
  })
})

const append = (db: TestDatabase, object: string) =>
  inTransaction(db.pool, (tx) => appendAudit(tx, { ...EVENT, object }))

/** Does what nobody but the owner of the tables can, and only with the guard taken down first. */
const tamper = (db: TestDatabase, statement: string) =>
  withClient(db.ownerUrl, async (owner) => {
    await owner.query('alter table audit disable trigger user')
    await owner.query(statement)
  })

describe('the audit log', () => {
  it('is one chain, however many write at once', async () => {
    await using db = await freshDatabase()
    await Promise.all(Array.from({ length: 20 }, (_, i) => append(db, `rev_${i}`)))
    const rows = await readAuditRows(db.pool, 0)
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(await verifyAudit(db.pool)).toEqual({ end: { sequence: 20, hash: rows[19]?.hash }, signed: 0 })
  })

  it('keeps nothing of a transaction that is rolled back', async () => {
    await using db = await freshDatabase()
    const failing = inTransaction(db.pool, async (tx) => {
      await appendAudit(tx, EVENT)
      throw new Error('later trouble')
    })
    await expect(failing).rejects.toThrow('later trouble')
    await append(db, 'rev_2')
    expect((await readAuditRows(db.pool, 0)).map(({ object }) => object)).toEqual(['rev_2'])
    expect((await verifyAudit(db.pool)).fault).toBeUndefined()
  })

  it.for(['update audit set actor = $$x$$', 'delete from audit', 'truncate audit'])(
    'refuses the application, and the owner: %s',
    async (statement) => {
      await using db = await freshDatabase()
      await append(db, 'rev_1')
      await expect(db.pool.query(statement)).rejects.toThrow('permission denied')
      await withClient(db.ownerUrl, async (owner) => {
        await expect(owner.query(statement)).rejects.toThrow('appended to only')
      })
      expect(await readAuditRows(db.pool, 0)).toHaveLength(1)
    },
  )

  it.for([
    ["update audit set object = 'rev_9' where sequence = 2", 2, 'altered'],
    ['delete from audit where sequence = 2', 2, 'missing'],
    [
      'update audit set sequence = 9 where sequence = 2; update audit set sequence = 2 where sequence = 3; update audit set sequence = 3 where sequence = 9',
      2,
      'moved',
    ],
  ] as const)('shows that somebody ran: %s', async ([statement, sequence, why]) => {
    await using db = await freshDatabase()
    for (const object of ['rev_1', 'rev_2', 'rev_3', 'rev_4']) await append(db, object)
    await tamper(db, statement)
    expect((await verifyAudit(db.pool)).fault).toEqual({ sequence, why })
  })
})

describe('titian audit verify', () => {
  it('notes the end of the log, and misses rows that were cut off later', async () => {
    await using db = await freshDatabase()
    const dir = await mkdtemp(join(tmpdir(), 'titian-audit-'))
    const verify = (...more: string[]) =>
      titian(['audit', 'verify', '--data', dir, ...more], {}, async () => openPool(db.url, 1))
    try {
      await writeNewKeyRing(join(dir, 'keys.json'), createKeyRing(new Date()))
      for (const object of ['rev_1', 'rev_2', 'rev_3']) await append(db, object)
      expect(await verify()).toMatchObject({ out: ['3 rows, whole; 0 of them under signed checkpoints'], code: 0 })
      await append(db, 'rev_4')
      expect(await verify()).toMatchObject({ out: ['4 rows, whole; 0 of them under signed checkpoints'], code: 0 })
      await tamper(db, 'delete from audit where sequence > 2')
      expect(await verify()).toMatchObject({ out: ['row 3 is missing'], code: 1 })
      const [line = ''] = (await verify('--json')).out
      expect(JSON.parse(line)).toMatchObject({ rows: 2, fault: { sequence: 3, why: 'missing' } })
      await append(db, 'rev_3')
      await append(db, 'rev_4')
      expect(await verify()).toMatchObject({ out: [expect.stringContaining('row 4 is another one')], code: 1 })
      await writeFile(join(dir, 'noted.json'), '{}')
      expect(await verify('--checkpoint', join(dir, 'noted.json'))).toMatchObject({
        err: [expect.stringContaining('no checkpoint')],
        code: 1,
      })
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  })
})
