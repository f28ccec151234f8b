import { expect, it } from 'vitest'
import { disablePerson } from '../../src/trust/people/people.db.ts'
import { openGateway, problemOf } from '../flows/gateway.ts'

const ID = '0'.repeat(26)
const PREFIX_OF = { erasures: 'era', restrictions: 'rst', breaches: 'brc', subjects: 'per' } as const
const REASON = { reason: 'surat' }
const CORRECTION = { ...REASON, fields: ['nama'], statement: 'x' }
const BREACH = { known_at: '2026-01-01T00:00:00Z', data: 'x', how: 'x', handling: 'x', client: 'x' }
const json = (body: object) => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

/** Routes by which something is done in the name of a person, or about a breach. */
const ABOUT_PERSONS = /^\/v1\/(subjects|erasures|restrictions|access-requests|correction-requests|breaches)\b/

it('whatever is decided in the name of a person carries a person: a client that acts for nobody is refused', async () => {
  await using gateway = await openGateway()
  const nobody = await gateway.caller(null, ['steward', 'ops'])
  const deciding = gateway.app.doors.filter(
    ({ method, url }) => !/^(GET|HEAD)$/.test(method) && ABOUT_PERSONS.test(url),
  )
  expect(deciding.length).toBeGreaterThanOrEqual(16)
  for (const { method, url } of deciding) {
    const kind = url.split('/')[2] as keyof typeof PREFIX_OF
    const path = url.replace(':id', `${PREFIX_OF[kind] ?? 'req'}_${ID}`)
    const body = path === '/v1/breaches' ? BREACH : path.endsWith('/correction') ? CORRECTION : REASON
    const isBare = method === 'DELETE' || /(confirm|tell|close)$/.test(path)
    const answer = await nobody(path, { method, ...(!isBare && json(body)) })
    expect([method, url, await problemOf(answer)]).toEqual([method, url, { status: 403, code: 'person-missing' }])
  }
})

it('two clients of one person are one, two persons are two, and who is disabled is out by every client', async () => {
  await using gateway = await openGateway()
  const { db, vault, deps } = gateway
  const first = await gateway.steward()
  const also = await gateway.caller(null, ['steward'], first.id)
  const other = await gateway.steward()
  const asked = (await (await first(`/v1/subjects/per_${ID}/access`, { method: 'POST', ...json(REASON) })).json()) as {
    id: string
    asked_by: string
  }
  expect(asked.asked_by).toBe(first.id)
  const confirm = (call: typeof also) => call(`/v1/access-requests/${asked.id}/confirm`, { method: 'POST' })
  expect(await problemOf(await confirm(also))).toEqual({ status: 409, code: 'second-steward' })
  expect(await (await confirm(other)).json()).toMatchObject({ state: 'open', confirmed_by: other.id })

  await db.pool.query(`update account set roles = '{viewer}' where id = $1`, [other.id])
  expect((await problemOf(await other('/v1/requests'))).code).toBe('scope-missing')
  const people = { db: db.pool, vault, passwords: deps.passwords }
  await disablePerson(people, { name: first.id, isDisabled: true, by: 'test' })
  for (const call of [first, also]) expect((await problemOf(await call('/v1/requests'))).code).toBe('token-invalid')
})
