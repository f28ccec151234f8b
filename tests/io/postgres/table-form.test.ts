import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../../src/deps.ts'
import type { FamilyId, PersonId, SubjectId } from '../../../src/domain/ids.ts'
import { viewBatches } from '../../../src/engine/batch-view.sql.ts'
import { noteCorrections } from '../../../src/engine/chunks/corrections.sql.ts'
import { readOvertaken, readSeen } from '../../../src/engine/chunks/order.sql.ts'
import { findBlock } from '../../../src/engine/receipt/receipt.sql.ts'
import { isPushedSince } from '../../../src/engine/withdrawals/order.sql.ts'
import { isEntryKnown, readPlacesOfEntries } from '../../../src/engine/withdrawals/places.sql.ts'
import { readStatedSince } from '../../../src/engine/withdrawals/retention.sql.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { distributedForm, either, gatheredFirst } from '../../../src/io/postgres/table-form.ts'
import { lookUpBlocks } from '../../../src/link/subjects/blocking.sql.ts'
import { namedFamilies } from '../../../src/link/subjects/page.sql.ts'
import {
  countMembers,
  readKeysAt,
  readMemberSources,
  readPlacedRecords,
} from '../../../src/link/subjects/removal.sql.ts'
import {
  readFamiliesOf,
  readFamiliesOfPersonsAlone,
  readPersonsOf,
  readSourcesByIndex,
} from '../../../src/link/subjects/residents.sql.ts'
import { readRecordsNaming } from '../../../src/link/subjects/restricted/restricted.sql.ts'
import { readMemberKeys, readMembersOf, readRecordsByKey } from '../../../src/link/subjects/source.sql.ts'
import { lookUpKeys, readNamesOfFamilies, readPlacedByFamily } from '../../../src/link/subjects/subjects.sql.ts'
import { countAbsent, readRecordsAfter, targetAbsent } from '../../../src/link/subjects/withdrawal.sql.ts'
import { selectBatchIds } from '../../../src/reports/batch/listed.sql.ts'
import { findChunksOfLines } from '../../../src/reports/batch/report.sql.ts'
import { areRowsGone } from '../../../src/reports/batch/rows.sql.ts'
import { selectBatchWay } from '../../../src/reports/batch/way.sql.ts'
import { selectLost } from '../../../src/reports/database-end.sql.ts'
import { countHeld, readHeldSubjects } from '../../../src/reports/held.sql.ts'
import { selectPersonSizes } from '../../../src/reports/linkage/linkage.sql.ts'
import { countSent, countUnsent, readSent, readUnsent } from '../../../src/reports/reconciliation/reconciliation.sql.ts'
import { findEntryOf, selectCame, selectEntrySubjects, selectSubject } from '../../../src/reports/record/found.sql.ts'
import { readLedger, readWays, readWithdrawn } from '../../../src/reports/record.sql.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { openGateway, push } from '../../flows/gateway.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, workThrough } from '../../results/posting.ts'
import { freshDatabase } from '../../support/database.ts'
import { type Compared, openBothForms } from './both-forms.ts'

describe('a statement with two forms', () => {
  it('is sent as it is to whole tables, and in its other form to distributed ones', () => {
    const statement = either({ text: 'select 1' }, () => ({ text: 'select 2 where exists (select from t)' }))
    expect(statement.text).toBe('select 1')
    expect(distributedForm(statement)).toEqual({ text: 'select 2 where exists (select 1 from t)' })
    expect(distributedForm('select 1')).toBe('select 1')
    const copy = { text: 'copy t from stdin', submit: () => undefined }
    expect(distributedForm(copy)).toBe(copy)
    expect(distributedForm('begin')).toMatch(/^begin; set local citus/)
  })

  it('reads what was gathered first under the tables’ own names', () => {
    const sent = (text: string) =>
      (distributedForm(gatheredFirst({ text }, { entry: 'select line from public.entry' })) as { text: string }).text
    const first = 'with entry as materialized (select line from public.entry)'
    expect(sent('select line from entry')).toBe(`${first}\nselect line from entry`)
    expect(sent('\n  with e as (select 2) select 1')).toBe(`${first}, e as (select 2) select 1`)
  })
})

describe('both forms of every statement', () => {
  const compared: Compared[] = []
  let stack: AsyncDisposableStack
  let gateway: Awaited<ReturnType<typeof openGateway>>

  beforeAll(async () => {
    stack = new AsyncDisposableStack()
    const ring = createKeyRing(new Date())
    const fresh = await freshDatabase()
    const registry = await openRegistry({}, openVault(ring))
    const pool = openBothForms(fresh.url, compared)
    gateway = stack.use(
      await openGateway({ CHUNK_RECORDS: '6' }, registry, {
        ring,
        db: { ...fresh, pool, [Symbol.asyncDispose]: () => pool.end().then(() => fresh[Symbol.asyncDispose]()) },
      }),
    )
    const jembrana = await gateway.caller('jembrana')
    const bps = await gateway.caller(null, ['results:write'])
    const send = async (key: string, rows: string[]) => {
      const body = `${[JEMBRANA_HEAD, ...rows].join('\n')}\n`
      const answer = await push(jembrana, key, body, { dataset: 'jembrana', 'content-type': 'text/csv' })
      expect(answer.status).toBe(202)
      await workThrough(gateway, registry)
    }
    const rows = PEOPLE.map(({ key, ...who }) => jembranaRow(key, who))
    const bad = jembranaRow('Z', { nik: '12', name: 'TANPA NIK' })
    await send('one', [...rows, bad])
    await send('two', [...rows.slice(0, 4), jembranaRow('Z', { nik: '5101010803760008', name: 'DENGAN NIK' })])
    await postResults(
      gateway,
      registry,
      bps,
      [
        { nik: PEOPLE[0]?.nik, version: '2026-Q3', as_of: '2026-08-31', status: 'active', region: '5101021006' },
        { nik: PEOPLE[1]?.nik, version: '2026-Q3', as_of: '2026-08-31', status: 'dead', reason: 'death-registered' },
      ],
      { key: 'r' },
    )
    const gone = await jembrana('/v1/records/jembrana/A?reason=moved', { method: 'DELETE' })
    expect(gone.status).toBe(202)
    await workThrough(gateway, registry)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  it('gives the same rows, whatever is asked', async () => {
    const { pool: db } = gateway.db
    const { rows: records } = await db.query<Record<string, string> & { line: number }>(
      `select encode(key_index, 'hex') as key, encode(content_hash, 'hex') as content, subject, batch, line from source_record`,
    )
    const keys = records.map(({ key = '' }) => key)
    const other = records.map(({ content = '' }, at) => (at % 2 === 0 ? content : '00'.repeat(16)))
    const subjects = [...new Set(records.map(({ subject }) => subject as SubjectId))]
    const families = subjects.filter((id): id is FamilyId => id.startsWith('fam_'))
    const persons = subjects.filter((id): id is PersonId => id.startsWith('per_'))
    const { rows: entries } = await db.query<{ batch: `bat_${string}`; line: number; key: string; order: string }>(
      `select e.batch, e.line, encode(e.key_index, 'hex') as key, b.receipt_order as "order"
       from entry e join batch b on b.id = e.batch where e.key_index is not null and b.kind = 'push' order by b.receipt_order, e.line`,
    )
    const named = [...new Set(entries.map(({ key }) => key))]
    const [{ batch, order } = { batch: 'bat_0' as const, order: '0' }] = entries
    const { rows: blocks } = await db.query<{ key: string }>('select distinct key from blocking')
    const places = records.map((record) => ({ batch: record.batch as `bat_${string}`, line: record.line }))
    const quarter = { name: '2026-Q3', from: '2026-07-01', to: '2026-09-30' }
    const asked = { platform: 'jembrana', scope: ['51'], level: 'individu' as const, quarter }
    const bytes = (key: string | undefined) => Buffer.from(key ?? '', 'hex')
    const platform = 'jembrana'

    await lookUpKeys(db, keys, other)
    for (const most of [0, 1, 50]) {
      await readNamesOfFamilies(db, families, most)
      await readMemberKeys(db, families, most)
      await countMembers(db, families, most)
      await readPersonsOf(db, families, most)
    }
    await readMembersOf(db, families, 50)
    await readRecordsNaming(db, families)
    await readMemberSources(db, families)
    await readRecordsByKey(db, keys)
    await lookUpBlocks(
      db,
      blocks.map(({ key }) => key),
    )
    await namedFamilies(db, families)
    await readPlacedRecords(db, keys)
    await readKeysAt(db, places)
    await readFamiliesOfPersonsAlone(db, 'carik-jakarta', persons)
    await readFamiliesOf(db, persons)
    await readSourcesByIndex(db, subjects)
    await readSeen(db, batch, named)
    await readOvertaken(db, order, named)
    await readPlacesOfEntries(db, named)
    for (const key of named) await isEntryKnown(db, key)
    await isPushedSince(db, batch, named[0] ?? '')
    await readStatedSince(db, places, 1)
    const batches = [...new Set(entries.map((entry) => entry.batch))]
    const [first] = await readRecordsAfter(db, batches, { batch: '', line: 0 }, 1)
    await readRecordsAfter(db, batches, first ?? { batch, line: 0 }, 100)
    await viewBatches(db, batches)
    await findChunksOfLines(db, batch, [1, 2, 7])
    for (const which of ['held', 'rejected'] as const) await areRowsGone(db, batch, which)
    const every = { platform: null, dataset: null, state: null, from: null, to: null }
    for (const isHolding of [true, false]) await selectBatchIds(db, { ...every, isHolding }, { after: null, limit: 10 })
    await selectBatchWay(db, batch)
    await countHeld(db, platform)
    await readLedger(db, [bytes(named[0])], keys.map(bytes))
    await readWithdrawn(db, [bytes(named[0])], [bytes('ff'.repeat(16))])
    await readWays(db, keys.map(bytes))
    await selectLost(
      db,
      subjects.map((subject) => ({ subject, delivery: 'dlv_none' })),
    )
    await selectPersonSizes(db, 100)
    await selectCame(db, batch, entries[0]?.line ?? 0, 10)
    await findEntryOf(db, [bytes(named[0])], keys.map(bytes))
    await selectEntrySubjects(db, places, 100)
    await selectSubject(db, persons[0] ?? '')
    await readSent(db, asked, { subject: '', key: '' }, 100)
    await readUnsent(db, asked, { status: 'active', after: { region: '', tie: '' }, most: 10 })
    const { rows: withdrawals } = await db.query<{ batch: `bat_${string}` }>('select batch from withdrawal')
    await inTransaction(db, async (tx) => {
      await countSent(tx, asked)
      await countUnsent(tx, asked, 'active')
      const from = { snapshot: batch, asOf: '99999', platform, dataset: platform, batches: [batch] }
      await countAbsent(tx, from)
      expect(await targetAbsent(tx, withdrawals[0]?.batch ?? batch, from)).toBeGreaterThan(0)
    })
    await inTransaction(db, async (tx) => {
      const open = {
        text: 'update entry set outcome = $1, corrected_by = null where key_index is not null',
        values: ['held'],
      }
      await tx.query(open)
      const last = entries.at(-1)?.batch ?? batch
      await noteCorrections(
        tx,
        last,
        named.map((key) => ({ key, outcome: 'new' })),
      )
      await tx.query("update entry set outcome = 'new' where batch = $1", [last])
      await tx.query('update entry set corrected_by = null')
      await noteCorrections(
        tx,
        batch,
        named.map((key) => ({ key, outcome: 'held' })),
      )
      await tx.query(`
        insert into receipt (batch, edition, settled_at, size) select id, 1, now(), 1 from batch where id = '${batch}';
        insert into receipt_block (batch, edition, block, first_line, last_line, outcomes, leaves, root)
        select '${batch}', 1, 0, 1, 99, 'n', d, d from (select sha256('') as d) s;
        update entry set outcome = 'held';
        update subject set region_hash = null;
        delete from source_record where subject like 'fam%'`)
      await findBlock(tx, batch, 1, entries[0]?.line ?? 0)
      await readHeldSubjects(tx, platform, subjects)
      await readPlacedByFamily(tx, families)
      await readFamiliesOfPersonsAlone(tx, platform, persons)
      throw new Error('only asked')
    }).catch(({ message }) => expect(message).toBe('only asked'))

    const different = compared.filter(({ whole, distributed }) => JSON.stringify(whole) !== JSON.stringify(distributed))
    expect(different).toEqual([])
    const asks = new Map<string, number>()
    for (const { text, rows } of compared) asks.set(text, Math.max(rows, asks.get(text) ?? 0))
    expect([...asks.keys()].length).toBe(statementsOfTwoForms())
    // What gave no row in either form proves little.
    expect([...asks].filter(([, rows]) => rows === 0).map(([text]) => text.trim().slice(0, 60))).toEqual([])
  })
})

/** Made-up people of few families; two are one person. */
const PEOPLE = [
  { key: 'A', nik: '5101010103760001', kk: '5101050101130001', name: 'NI WAYAN SATU', born: '01-03-76' },
  { key: 'B', nik: '5101010203760002', kk: '5101050101130001', name: 'I MADE DUA', born: '02-03-76' },
  { key: 'C', nik: '5101010303760003', kk: '5101050101130003', name: 'I NYOMAN TIGA', born: '03-03-76' },
  { key: 'D', nik: '5101010403760004', kk: '5101050101130003', name: 'I KETUT EMPAT', born: '04-03-76' },
  { key: 'E', nik: '5101010503760005', kk: '5101050101130005', name: 'I GEDE LIMA', born: '05-03-76' },
  { key: 'E2', nik: '5101010503760005', kk: '5101050101130005', name: 'I GEDE LIMA', born: '05-03-76' },
]

/** How many statements of src have two forms: all but a setting, a lock, and those that walk the pages of a table. */
function statementsOfTwoForms(): number {
  const found = execFileSync(
    'grep',
    [
      '-rhE',
      '(either|gatheredFirst)\\($|(either|gatheredFirst)\\([a-z]',
      'src',
      '--include=*.sql.ts',
      '--exclude=table-form.ts',
    ],
    {
      encoding: 'utf8',
    },
  )
  const others = /either\((here|shared|whole, spread)/
  return found.split('\n').filter((line) => /\S/.test(line) && !others.test(line)).length
}
