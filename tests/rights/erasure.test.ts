import { describe, expect, it } from 'vitest'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { openGateway, type TestGateway } from '../flows/gateway.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
const NOBODY = 'per_00000000000000000000000000'

async function send(call: Call, method: string, path: string, body?: object) {
  const answer = await call(path, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe('the erasure of a person', () => {
  it('is asked for by one steward and confirmed by another, and by nobody else', async () => {
    await using gateway = await openGateway()
    const [first, second] = [await gateway.steward(), await gateway.steward()]
    const [platform, ops] = [await gateway.caller('carik-jakarta'), await gateway.caller(null, ['ops'])]
    const ask = (call: Call, id = NOBODY) => send(call, 'POST', `/v1/subjects/${id}/erasure`, { reason: 'sendiri' })
    expect((await ask(platform)).status).toBe(403)
    expect((await ask(ops)).status).toBe(403)
    expect((await ask(first, 'per_0')).status).toBe(400)
    const asked = await ask(first)
    expect(asked).toMatchObject({ status: 202, body: { state: 'asked', asked_by: first.id, confirmed_by: null } })
    const path = `/v1/erasures/${asked.body.id}`
    expect((await send(platform, 'GET', path)).status).toBe(403)
    expect((await send(ops, 'GET', path)).status).toBe(200)
    expect((await send(ops, 'POST', `${path}/confirm`)).status).toBe(403)
    expect(await send(first, 'POST', `${path}/confirm`)).toMatchObject({
      status: 409,
      body: { type: '/problems/second-steward' },
    })
    // Nothing is held of such a person.
    expect((await send(second, 'POST', `${path}/confirm`)).status).toBe(404)
    expect(await send(second, 'DELETE', path)).toMatchObject({ status: 200, body: { state: 'declined' } })
    expect(await send(second, 'POST', `${path}/confirm`)).toMatchObject({
      status: 409,
      body: { type: '/problems/erasure-closed' },
    })
    // One that was declined does not stand in the way of the next.
    expect((await ask(second)).body.id).not.toBe(asked.body.id)
    const audited = await readAuditOf(gateway.db.pool, 'erasure', String(asked.body.id))
    expect(audited.map(({ action, actor }) => [action, actor])).toEqual([
      ['erasure.asked', first.id],
      ['erasure.declined', second.id],
    ])
  })
})
