import { expect, it } from 'vitest'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { appendAudit } from '../../../src/trust/audit/audit.sql.ts'
import { browse } from '../browse.ts'
import { openDesk } from '../desk.ts'

it('finds what was done by action, actor, object and day, page by page, and refuses what is no search', async () => {
  await using desk = await openDesk()
  await inTransaction(desk.db.pool, async (tx) => {
    for (let at = 0; at < 60; at++)
      await appendAudit(tx, { actor: 'petugas-a', action: 'delivery.retried', object: `dlv_${at}` })
    await appendAudit(tx, { actor: 'petugas-b', action: 'person.read', object: 'per_1' })
  })
  const steward = await browse(desk, ['steward'])
  const read = async (query: string) => (await steward(`/console/audit?lang=en&${query}`)).text()
  const first = await read('actor=petugas-a')
  expect([first.includes('dlv_59'), first.includes('dlv_9<'), first.includes('per_1')]).toEqual([true, false, false])
  const [, next = ''] = /href="([^"]*before=[^"]*)"/.exec(first) ?? []
  const second = await (await steward(next.replaceAll('&amp;', '&'))).text()
  expect([second.includes('dlv_9<'), second.includes('dlv_59')]).toEqual([true, false])
  expect(await read('object=per_1')).toContain('Looked at a person')
  expect(await read('action=person.read&actor=')).not.toContain('dlv_59')
  expect(await read('since=2999-01-01')).toContain('Nothing in the log fits')
  for (const wrong of ['action=nothing', 'since=yesterday', 'before=x'])
    expect((await steward(`/console/audit?${wrong}`)).status).toBe(400)
})
