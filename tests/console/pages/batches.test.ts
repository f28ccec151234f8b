import { expect, it } from 'vitest'
import { readRegistry } from '../../../src/catalogue/registry.file.ts'
import { readParts } from '../../../src/catalogue/registry.ts'
import { Diagnostics } from '../../../src/language/diagnostics.ts'
import { push, type TestGateway } from '../../flows/gateway.ts'
import { workAll } from '../../flows/stages.ts'
import { browse } from '../browse.ts'
import { auditOf, openDesk, REGISTRY } from '../desk.ts'
import { sampleWithFaults } from '../sample.ts'

const FORM = 'application/x-www-form-urlencoded'

async function sender(desk: TestGateway, scopes: Parameters<typeof browse>[1]) {
  const get = await browse(desk, scopes)
  const post = (path: string, fields: Record<string, string>) =>
    get(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': FORM, origin: desk.url },
    })
  return { get, post }
}

async function pushFaults(desk: TestGateway, key: string): Promise<string> {
  const carik = await desk.caller('carik-jakarta')
  const answer = await push(carik, key, await sampleWithFaults(), { dataset: 'carik' })
  return ((await answer.json()) as { id: string }).id
}

it('shows the values of a finding’s examples to a steward who says why, and writes it down first', async () => {
  await using desk = await openDesk()
  const id = await pushFaults(desk, 'satu')
  await workAll(desk, await REGISTRY)
  const [ops, steward] = [await sender(desk, ['ops']), await sender(desk, ['steward'])]
  const path = `/console/batches/${id}/values`
  const wish = { code: 'region-unknown', reason: 'the office asks which code it was' }
  expect(await (await ops.get(`/console/batches/${id}`)).text()).not.toContain('/values')
  expect((await ops.post(path, wish)).status).toBe(403)
  expect((await steward.post(path, { ...wish, reason: ' ' })).status).toBe(400)
  expect((await steward.post(path, { ...wish, code: 'nothing-such' })).status).toBe(404)
  expect(await auditOf(desk, id)).not.toContain('batch.values-read')
  expect(await (await steward.get(`/console/batches/${id}`)).text()).not.toContain('3199999999')
  const shown = await (await steward.post(`${path}?lang=en`, wish)).text()
  expect(shown).toContain('3199999999')
  expect(shown).toContain('This look is written down')
  expect((await auditOf(desk, id)).filter((line) => line.endsWith('batch.values-read'))).toHaveLength(1)
  const { rows } = await desk.db.pool.query("select details::text from audit where action = 'batch.values-read'")
  expect(rows[0]?.details).not.toContain('office')
}, 300_000)

it('works the newest push again as a batch of its own, so that what was held for a mended list is taken', async () => {
  await using desk = await openDesk()
  const files = await readRegistry(['src/registry'])
  const villages = files.get('regions/villages.csv')
  const without = villages?.text.split('\n').filter((line) => !line.startsWith('3172020004')) ?? []
  const poor = new Map(files).set('regions/villages.csv', { ...villages, text: without.join('\n') } as never)
  const first = await pushFaults(desk, 'satu')
  await workAll(
    desk,
    readParts(poor, (identity) => identity, new Diagnostics()),
  )
  const [ops, steward] = [await sender(desk, ['ops']), await sender(desk, ['steward'])]
  const countsOf = async (id: string) => {
    const { rows } = await desk.db.pool.query(
      `select sum(new)::int as new, sum(updated)::int as updated, sum(unchanged)::int as unchanged, sum(held)::int as held,
        sum(rejected)::int as rejected from chunk where batch = $1`,
      [id],
    )
    return rows[0] as Record<'new' | 'updated' | 'unchanged' | 'held' | 'rejected', number>
  }
  const before = await countsOf(first)
  expect(before.held).toBeGreaterThan(10)
  const wish = { act: 'replay', reason: 'the list of villages was mended' }
  expect((await steward.post(`/console/batches/${first}`, wish)).status).toBe(403)
  expect((await ops.post(`/console/batches/${first}`, { act: 'replay' })).status).toBe(400)
  const to = (await ops.post(`/console/batches/${first}`, wish)).headers.get('location') ?? ''
  const again = /bat_[0-9a-z]{26}/.exec(to)?.[0] ?? ''
  expect(again).not.toBe(first)
  expect(to).toContain('saved=replay')
  await workAll(desk, await REGISTRY)
  const after = await countsOf(again)
  // Three villages that nobody knows, and one without a NIK that counts.
  expect(after.held).toBe(4)
  expect(after.new).toBe(before.held - after.held)
  expect(after.unchanged).toBe(before.new)
  expect(after.rejected).toBe(before.rejected)
  const { rows } = await desk.db.pool.query(
    'select count(*)::int as corrected from entry where batch = $1 and corrected_by = $2',
    [first, again],
  )
  expect(rows[0]?.corrected).toBeGreaterThanOrEqual(before.held - after.held)
  const held = await (await ops.get('/console/held?lang=en&platform=carik-jakarta')).text()
  expect(held).toMatch(/data-label="Corrected">[1-9]/)
  const still = [
    ...held.matchAll(/data-label="Still held"><span>(\d+)(?:<br><span class="quiet small">\+ (\d+) sent before)?/g),
  ]
  const sum = (figures: (string | undefined)[]) => figures.reduce((all, one) => all + Number(one ?? 0), 0)
  // The four that are held again count once, beside what was sent before: one of them was held by the missing village, too.
  expect([sum(still.map((of) => of[1])), sum(still.map((of) => of[2]))]).toEqual([4, 5])

  expect((await ops.post(`/console/batches/${first}`, wish)).headers.get('location')).toBe(
    `/console/batches/${first}?saved=overtaken`,
  )
  expect((await auditOf(desk, first)).filter((line) => line.endsWith('batch.replayed'))).toHaveLength(1)
}, 300_000)
