import type { Static } from 'typebox'
import { describe, expect, it } from 'vitest'
import type { WhatIfPage } from '../../src/programmes/candidate-shapes.ts'
import { problemOf } from '../flows/gateway.ts'
import { decile, openOffice, resident, SMART_KAMPUNG } from './office.ts'

type Page = Static<typeof WhatIfPage>
type Caller = Awaited<ReturnType<Awaited<ReturnType<typeof openOffice>>['office']>>

function ask(call: Caller, programme: string, body: unknown): Promise<Response> {
  return call(`/v1/programmes/${programme}/what-if`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'en' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

describe('a what-if', () => {
  it('says who comes in and who drops out by another threshold, and stores nothing', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', `${[1, 2, 3, 4].map((number) => resident(number)).join('\n')}\n`)
    for (const [at, family] of (await desk.families()).entries()) if (at < 3) await desk.say(family, decile(3 * at + 1))
    const page = (await (await ask(call, 'sembako', { settings: { decile_limit: 8 } })).json()) as Page
    expect(page.counts).toEqual({
      ...{ before: 2, after: 3, comes_in: 1, drops_out: 0, undecided_before: 1, undecided_after: 1 },
    })
    expect(page).toMatchObject({
      residents: 4,
      next: null,
      comes_in: [{ before: 'not-eligible', after: 'candidate', reasons: { holds: [{ code: 'DESIL' }] } }],
      drops_out: [],
    })
    expect(page.comes_in[0]?.reasons.holds[0]?.fields[0]).toMatchObject({ field: 'keluarga.desil_nasional', value: 7 })
    const fewer = (await (await ask(call, 'sembako', { settings: { decile_limit: 1 } })).json()) as Page
    expect(fewer.drops_out).toMatchObject([{ before: 'candidate', after: 'not-eligible', reasons: { against: [{}] } }])
    const other = { criteria: { DESIL: { any_member: { var: 'kd_status_kehamilan', in: ['1'] } } } }
    const pregnant = (await (await ask(call, 'sembako', other)).json()) as Page
    expect(pregnant.counts).toMatchObject({ before: 2, after: 4, comes_in: 2 })
    const { rows } = await desk.db.pool.query('select count(*)::int as lists from programme_list')
    expect(rows).toEqual([{ lists: 0 }])
  })

  it('prints no value without the scope to read records, and answers nobody without a platform', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    await desk.take(call, 'smart-kampung', 'k-1', `${resident(1)}\n`)
    for (const family of await desk.families()) await desk.say(family, decile(7))
    const blind = await desk.office(SMART_KAMPUNG, ['candidates:read'])
    const change = { settings: { decile_limit: 8 } }
    const told = await (await ask(blind, 'sembako', change)).text()
    expect(told).toContain('keluarga.desil_nasional')
    expect(told).not.toContain('"value"')
    expect((await ask(await desk.office(SMART_KAMPUNG, ['records:read']), 'sembako', change)).status).toBe(403)
    expect((await ask(await desk.caller(null, ['ops']), 'sembako', change)).status).toBe(403)
  })

  it('refuses a rule that it cannot read, with the place, and a body that is too large', async () => {
    await using desk = await openOffice()
    const call = await desk.office(SMART_KAMPUNG)
    const refused = await ask(call, 'sembako', { criteria: { DESIL: { var: 'desil_nasionl', lte: 3 } } })
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({
      type: '/problems/rule-invalid',
      detail: expect.stringContaining('Did you mean "keluarga.desil_nasional"?'),
      errors: [{ pointer: '/body/criteria/DESIL/var' }],
    })
    const large = await ask(call, 'sembako', `{"criteria":{"X":"${'x'.repeat(70_000)}"}}`)
    expect(await problemOf(large)).toEqual({ status: 413, code: 'body-too-large' })
    expect((await ask(call, 'sembako', { criteria: { kecil: null } })).status).toBe(400)
    const region = await ask(call, 'sembako', { region: '31' })
    expect(await problemOf(region)).toEqual({ status: 403, code: 'region-outside' })
  })
})
