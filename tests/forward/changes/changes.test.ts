import { describe, expect, it } from 'vitest'
import { type Change, changesOf } from '../../../src/domain/change.ts'
import type { DeliveryLine } from '../../../src/domain/golden.ts'
import type { PersonId, SubjectId } from '../../../src/domain/ids.ts'
import { formatChangeCursor, parseChangeCursor } from '../../../src/forward/changes/changes.ts'
import { decodeChanges, encodeChanges } from '../../../src/forward/changes/encode.ts'
import { composeDelivery } from '../../../src/forward/compose.ts'
import { insertDelivery } from '../../../src/forward/delivery.sql.ts'
import { renewFeed } from '../../../src/forward/feed-epoch.sql.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { newId } from '../../../src/io/ids.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { lockSubjects } from '../../../src/link/subjects/subjects.sql.ts'
import { openGateway } from '../../flows/gateway.ts'
import { freshDatabase } from '../../support/database.ts'
import { linkChunk, ring, vault } from '../gateway.ts'

type Page = { changes: (Change & { position: string; delivery: string })[]; next: string }
type Caller = Awaited<ReturnType<Awaited<ReturnType<typeof openGateway>>['caller']>>

/** Reads the feed from a cursor to its end, as BPS does. */
async function readOn(bps: Caller, after: string, limit: number): Promise<Page> {
  const changes: Page['changes'] = []
  for (let next = after; ; ) {
    const page = (await (await bps(`/v1/changes?after=${next}&limit=${limit}`)).json()) as Page
    changes.push(...page.changes)
    if (page.changes.length === 0) return { changes, next }
    next = page.next
  }
}

const HEAD = { platform: 'carik-jakarta', dataset: 'carik', agreement: 'PKS-1', schemaVersion: '1' }

function person(subject: PersonId, version: number): DeliveryLine {
  return { subject, level: 'individu', version, record: {}, origin: [], entries: [] }
}

describe('the feed of changes', () => {
  it('tells each line of each delivery once, in order, in pages of any size', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    const bps = await gateway.caller(null, ['deliveries:read'])
    const linked = [await linkChunk(pool, 3), await linkChunk(pool, 1), await linkChunk(pool, 2)]
    await sequenceDeliveries(pool)
    const expected = linked.flatMap(({ delivery, lines }) =>
      lines.map(({ subject, level, version }) => ({ delivery, subject, level, kind: 'golden', version })),
    )
    for (const limit of [1, 2, 5, 9, 1000]) {
      const { changes } = await readOn(bps, '0', limit)
      expect(changes.map(({ position: _, ...change }) => change)).toEqual(expected)
      expect(new Set(changes.map(({ position }) => position)).size).toBe(18)
    }
  })

  it('is read on from where a reader was, and is closed to platforms', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    const bps = await gateway.caller(null, ['deliveries:read'])
    await linkChunk(pool)
    expect(await (await bps('/v1/changes')).json()).toEqual({ changes: [], next: '0' })
    await sequenceDeliveries(pool)
    const first = await readOn(bps, '0', 4)
    expect(first.changes).toHaveLength(6)
    expect(await readOn(bps, first.next, 4)).toEqual({ changes: [], next: first.next })
    const { delivery } = await linkChunk(pool, 1)
    await sequenceDeliveries(pool)
    const { changes } = await readOn(bps, first.next, 4)
    expect(changes.map((change) => change.delivery)).toEqual([delivery, delivery, delivery])
    const platform = await gateway.caller('utara')
    expect((await platform('/v1/changes')).status).toBe(403)
  })

  it('refuses a cursor that it never gave', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    const bps = await gateway.caller(null, ['deliveries:read'])
    await linkChunk(pool)
    await sequenceDeliveries(pool)
    const { next } = await readOn(bps, '0', 100)
    const statuses = async (queries: string[]) => {
      const answers = await Promise.all(queries.map((query) => bps(`/v1/changes?${query}`)))
      return answers.map(({ status }) => status)
    }
    expect(await statuses(['after=1', 'after=abc', 'limit=0', 'limit=1001', 'cursor=0'])).toEqual([
      400, 400, 400, 400, 400,
    ])
    expect(await statuses([`after=${next.slice(0, 13)}999.1`])).toEqual([410])
    await inTransaction(pool, renewFeed)
    expect(await statuses([`after=${next}`])).toEqual([410])
  })

  it('tells of deliveries from before it by their lines, and passes over those whose lines are gone', async () => {
    const db = await freshDatabase()
    await using gateway = await openGateway({}, undefined, { db, ring })
    const { pool } = gateway.db
    const bps = await gateway.caller(null, ['deliveries:read'])
    const [gone, old, young] = [await linkChunk(pool, 1), await linkChunk(pool, 1), await linkChunk(pool, 1)]
    await sequenceDeliveries(pool)
    await pool.query('update delivery set changes = null where id = any($1)', [[gone.delivery, old.delivery]])
    await pool.query('update delivery set payload = null where id = any($1)', [[gone.delivery, young.delivery]])
    for (const limit of [1, 2, 100]) {
      const { changes } = await readOn(bps, '0', limit)
      const told = changes.map(({ delivery }) => delivery)
      expect(told).toEqual([old, old, old, young, young, young].map(({ delivery }) => delivery))
    }
  })

  it('gives three readers every change once and each subject in order, while four writers commit', async () => {
    await using gateway = await openGateway()
    const { pool } = gateway.db
    const bps = await gateway.caller(null, ['deliveries:read'])
    const subjects = Array.from({ length: 5 }, () => newId('per'))
    const versions = new Map<SubjectId, number>()
    let written = 0
    const write = async () => {
      for (let turn = 0; turn < 15; turn++) {
        await inTransaction(pool, async (tx) => {
          await lockSubjects(tx)
          const lines = subjects.slice(turn % 3).map((subject): DeliveryLine => {
            versions.set(subject, (versions.get(subject) ?? 0) + 1)
            return person(subject, versions.get(subject) ?? 0)
          })
          written += lines.length
          // Clocks of machines differ: the order must not come from them.
          const composedAt = new Date(Date.now() + Math.random() * 10_000)
          const head = { ...HEAD, id: newId('dlv'), batch: newId('bat'), composedAt }
          await insertDelivery(tx, vault, newId('chk'), composeDelivery(lines, head))
        })
        await sequenceDeliveries(pool)
      }
    }
    let isWriting = true
    const read = async (limit: number) => {
      const seen: Change[] = []
      for (let after = '0', isLast = false; !isLast; ) {
        isLast = !isWriting
        const { changes, next } = await readOn(bps, after, limit)
        seen.push(...changes)
        after = next
      }
      return seen
    }
    const readers = [2, 7, 100].map(read)
    await Promise.all([write(), write(), write(), write()])
    while ((await sequenceDeliveries(pool)) > 0);
    isWriting = false
    for (const seen of await Promise.all(readers)) {
      expect(seen).toHaveLength(written)
      for (const subject of subjects) {
        const own = seen.filter((change) => change.subject === subject).map(({ version }) => version)
        expect(own).toEqual(Array.from({ length: versions.get(subject) ?? 0 }, (_, at) => at + 1))
      }
    }
  }, 300_000)
})

describe('the changes of a delivery', () => {
  it('are one for each line, followed by what is told beside it', () => {
    const [one, other, family] = [newId('per'), newId('per'), newId('fam')]
    const lines: DeliveryLine[] = [
      { ...person(one, 2), entries: [] },
      { kind: 'stub', subject: family, level: 'keluarga', version: 1, record: {}, entries: [] },
      { kind: 'merged', subject: other, level: 'individu', version: 3, into: one, entries: [] },
    ]
    const moved: Change = { subject: one, level: 'individu', kind: 'moved', version: 2, moved: ['family'] }
    const changes = changesOf(lines, [moved])
    expect(changes).toEqual([
      { subject: one, level: 'individu', kind: 'golden', version: 2 },
      moved,
      { subject: family, level: 'keluarga', kind: 'stub', version: 1 },
      { subject: other, level: 'individu', kind: 'merged', version: 3, into: one },
    ])
    expect(decodeChanges(encodeChanges(changes))).toEqual(changes)
  })

  it('are named by cursors that read as they were written', () => {
    const cursor = { epoch: '0123456789ab', position: '12', number: 340 }
    expect(parseChangeCursor(formatChangeCursor(cursor))).toEqual(cursor)
    expect(parseChangeCursor('0')).toEqual({ epoch: '', position: '0', number: 0 })
  })
})
