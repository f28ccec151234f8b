import { afterAll, beforeAll, expect, it } from 'vitest'
import { takeBackTask } from '../../../src/cli/backup/take-back.db.ts'
import { findLost, renewFeed } from '../../../src/forward/feed-epoch.sql.ts'
import type { ReceiverClient } from '../../../src/forward/receiver.client.ts'
import { newId } from '../../../src/io/ids.ts'
import { openLog } from '../../../src/io/observe/log.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { insertPerson } from '../../support/fixtures/rows.ts'

type Page = Awaited<ReturnType<ReceiverClient['told']>>

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db[Symbol.asyncDispose]())

/** One turn of the task, with what the receiver answers in it. */
function turn(answer: Page): Promise<number> {
  const receiver = { destination: 'bps', told: async () => answer }
  const log = openLog({ LOG_LEVEL: 'silent' }, 'test')
  return takeBackTask({ log, vault: openVault(createKeyRing(new Date(0))), receiver }).run(db.pool)
}

async function counts(): Promise<object> {
  const { rows } = await db.pool.query(`
    select (select count(*)::int from delivery) as deliveries, (select coalesce(sum(records), 0)::int from delivery) as lines,
      (select count(*)::int from audit where action = 'feed.reconciled') as said`)
  return rows[0]
}

it('asks only after a restore, takes back what is not known here, page by page, and is through', async () => {
  expect([await turn({ is: 'unknown' }), await counts()]).toEqual([0, { deliveries: 0, lines: 0, said: 0 }])
  const known = await insertPerson(db.pool)
  await inTransaction(db.pool, renewFeed)
  const of = (subject: string, kind = 'golden') =>
    ({ subject, level: 'individu', kind, version: 3, delivery: newId('dlv') }) as const
  // The same, as the receiver would tell it: by id.
  const page = [of(newId('per')), of(newId('per'), 'withdrawn'), of(known)].sort((a, b) =>
    a.subject < b.subject ? -1 : 1,
  )
  expect(await turn({ is: 'silent', reason: 'status 503' })).toBe(0)
  expect(await findLost(db.pool)).toMatchObject({ after: '' })
  expect(await turn({ is: 'page', subjects: page })).toBe(2)
  expect(await findLost(db.pool)).toMatchObject({ after: page.at(-1)?.subject })
  expect(await counts()).toEqual({ deliveries: 1, lines: 1, said: 1 })
  await expect(turn({ is: 'page', subjects: page })).rejects.toThrow('twice')
  await turn({ is: 'page', subjects: [] })
  expect([await findLost(db.pool), await counts()]).toEqual([undefined, { deliveries: 1, lines: 1, said: 1 }])
  const { rows } = await db.pool.query('select state, updated from chunk')
  expect(rows).toEqual([{ state: 'linked', updated: 1 }])
})

it('is through, and says so, where the receiver does not offer to say', async () => {
  await inTransaction(db.pool, renewFeed)
  const before = await counts()
  await turn({ is: 'unknown' })
  expect([await findLost(db.pool), await counts()]).toEqual([undefined, { ...before, said: 2 }])
})
