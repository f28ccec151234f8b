import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../../src/io/postgres/sql.ts'
import { scopesOf } from '../../src/trust/access/scopes.ts'
import { openDesk } from '../console/desk.ts'
import type { TestGateway } from '../flows/gateway.ts'

let gateway: TestGateway
let office: Awaited<ReturnType<TestGateway['caller']>>
beforeAll(async () => {
  gateway = await openDesk()
  office = await gateway.caller('jembrana', scopesOf('platform'))
})
afterAll(() => gateway[Symbol.asyncDispose]())

const FORM = 'application/x-www-form-urlencoded'

/** A browser without a script: it keeps one cookie and follows nothing. */
function browse(path: string, init: RequestInit = {}, cookie?: string): Promise<Response> {
  return fetch(`${gateway.url}${path}`, {
    redirect: 'manual',
    ...init,
    headers: {
      'accept-language': 'id',
      ...(init.method !== undefined && { origin: gateway.url }),
      ...(cookie !== undefined && { cookie }),
      ...(init.headers as Record<string, string>),
    },
  })
}

function signIn(client = office.id, secret = office.secret): Promise<Response> {
  const body = new URLSearchParams({ client, secret }).toString()
  return browse('/portal/sign-in', { method: 'POST', headers: { 'content-type': FORM }, body })
}

async function session(): Promise<{ cookie: string; csrf: string; key: string }> {
  const answer = await signIn()
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/portal'])
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? ''
  const page = await (await browse('/portal', {}, cookie)).text()
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? ''
  return { cookie, csrf: hidden('csrf'), key: hidden('key') }
}

function form(fields: Record<string, string>, name: string, text: string): FormData {
  const body = new FormData()
  for (const [field, value] of Object.entries(fields)) body.append(field, value)
  body.append('file', new Blob([text]), name)
  return body
}

describe('the portal', () => {
  it('leads whoever has not signed in to where it is done', async () => {
    const answer = await browse('/portal')
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/portal/sign-in'])
    expect(await (await browse('/portal/sign-in')).text()).toContain('lang="id"')
  })

  it('keeps a session in a cookie that no script and no other site can use, and ends it', async () => {
    const answer = await signIn()
    expect(answer.headers.get('set-cookie')).toMatch(/; Path=\/portal; Max-Age=36000; HttpOnly; SameSite=Strict$/)
    const { cookie, csrf } = await session()
    const body = new URLSearchParams({ csrf }).toString()
    const out = await browse('/portal/sign-out', { method: 'POST', headers: { 'content-type': FORM }, body }, cookie)
    expect(out.headers.get('location')).toBe('/portal/sign-in')
    expect((await browse('/portal', {}, cookie)).status).toBe(303)
  })

  it('ends a session that nobody used for an hour', async () => {
    const { cookie } = await session()
    await gateway.db.pool.query(sql`update session set seen_at = now() - interval '61 minutes'`)
    expect((await browse('/portal', {}, cookie)).headers.get('location')).toBe('/portal/sign-in')
  })

  it('refuses a wrong secret, a client of no region, and too many attempts', async () => {
    const wrong = await signIn(office.id, 'titian_wrong')
    expect([wrong.status, await wrong.text()]).toEqual([401, expect.stringContaining('rahasianya salah')])
    const ops = await gateway.caller(null, ['ops'])
    expect((await signIn(ops.id, ops.secret)).status).toBe(403)
    const other = await gateway.caller('jembrana')
    for (let tries = 0; tries < 10; tries++) await signIn(other.id, 'titian_wrong')
    const slowed = await signIn(other.id, 'titian_wrong')
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)])
  })

  it('refuses forms of other sites, and forms that are not of the session', async () => {
    const { cookie, csrf, key } = await session()
    const send = (fields: Record<string, string>, origin = gateway.url) =>
      browse('/portal/files', { method: 'POST', headers: { origin }, body: form(fields, 'a.csv', 'x\n') }, cookie)
    expect((await send({ csrf, key, dataset: 'jembrana' }, 'https://lain.example')).status).toBe(400)
    expect((await send({ csrf: 'x', key, dataset: 'jembrana' })).status).toBe(400)
    const tus = { 'tus-resumable': '1.0.0', 'upload-length': '10' }
    expect((await browse('/portal/uploads', { method: 'POST', headers: tus }, cookie)).status).toBe(400)
  })

  it('takes a file by a form without a script, once', async () => {
    const { cookie, csrf, key } = await session()
    const { rows: before } = await gateway.db.pool.query(sql`select id from batch`)
    const fields = { csrf, key, dataset: 'p3ke-keluarga' }
    const send = () =>
      browse('/portal/files', { method: 'POST', body: form(fields, 'keluarga.csv', 'salah\n1\n') }, cookie)
    const refused = await send()
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Baris judul CSV')])
    const json = () => browse('/portal/files', { method: 'POST', body: form(fields, 'a.pdf', '%PDF') }, cookie)
    expect((await json()).status).toBe(415)
    const { rows: after } = await gateway.db.pool.query(sql`select id from batch`)
    expect(after).toEqual(before)
  })

  it('leads from a form to its batch, the same one when the form is sent twice', async () => {
    const { cookie, csrf, key } = await session()
    const text = (await readFile('tests/samples/jembrana/jembrana.csv', 'utf8')).split('\n').slice(0, 6).join('\n')
    const send = async () => {
      const body = form({ csrf, key, dataset: 'jembrana' }, 'iban.csv', `${text}\n`)
      const answer = await browse('/portal/files', { method: 'POST', body }, cookie)
      return [answer.status, answer.headers.get('location'), await answer.text()]
    }
    const [status, batch, said] = await send()
    expect([status, batch, said]).toEqual([303, expect.stringMatching(/^\/portal\/batches\/bat_\w+$/), ''])
    expect((await send()).slice(0, 2)).toEqual([303, batch])
    const page = await browse(String(batch), {}, cookie)
    expect([page.status, page.headers.get('refresh')]).toEqual([200, '3'])
    expect(await page.text()).toContain('id="pending">5<')
  })

  it('shows nobody another region’s batch, and says so in the language that was chosen', async () => {
    const { cookie } = await session()
    const answer = await browse('/portal/batches/bat_01kaj3q8z4t0c6v9w2x5y7b1nd?lang=en', {}, cookie)
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('Not found')])
  })

  it('serves its scripts itself, and lets pages load nothing else', async () => {
    const { cookie } = await session()
    const policy = (await browse('/portal', {}, cookie)).headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'; connect-src 'self'")
    expect(policy).not.toContain('unsafe')
    for (const name of ['upload.js', 'tus.min.js']) {
      const answer = await browse(`/portal/assets/${name}`)
      expect(answer.headers.get('content-type')).toContain('javascript')
    }
  })
})
