import { describe, expect, it } from 'vitest'
import { encodeReport } from '../../src/domain/report.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { insertBatch, insertChunk } from '../support/fixtures/rows.ts'
import { browse } from './browse.ts'
import { auditOf, openDesk, POSSIBLE_MATCH, raisePossibleMatch } from './desk.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('the console', () => {
  it('leads a stranger to where one signs in, and back to where they wanted to go', async () => {
    await using desk = await openDesk()
    const ask = (path: string, accept: string) =>
      fetch(`${desk.url}${path}`, { redirect: 'manual', headers: { accept } })
    const answer = await ask('/console/reviews?lang=en', 'text/html,*/*')
    const next = '/console/sign-in?next=%2Fconsole%2Freviews&lang=en'
    expect([answer.status, answer.headers.get('location')]).toEqual([303, next])
    const page = await ask(next, 'text/html')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('action="/console/sign-in?next=%2Fconsole%2Freviews&amp;lang=en"')
    expect((await ask('/console/live', 'text/event-stream')).status).toBe(401)
  })

  it('answers what is not there, and what is not allowed, by a page', async () => {
    await using desk = await openDesk()
    const ops = await browse(desk, ['ops'])
    for (const [path, status] of [
      ['/console/nowhere', 404],
      ['/console/reviews', 403],
      ['/console/batches/bat_00000000000000000000000000', 404],
    ] as const) {
      const answer = await ops(path)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
    }
    expect((await fetch(`${desk.url}/console/nowhere`)).status).toBe(401)
  })

  it('lets ops see the sums, and nobody but a steward the reviews', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const ops = await browse(desk, ['ops'])
    const home = await (await ops('/console')).text()
    expect(home).toMatch(/Peninjauan terbuka<\/span><strong class="">1</)
    expect(home).not.toContain('href="/console/reviews"')
    expect((await ops(`/console/reviews/${id}`)).status).toBe(403)
    expect((await ops('/console/reviews')).status).toBe(403)
    expect(await auditOf(desk, id)).toEqual([])
  })

  it('shows ops a snapshot that waits for their decision, an aborted batch, and a withdrawal', async () => {
    await using desk = await openDesk()
    const of = { state: 'settled', settled_at: new Date() }
    await insertBatch(desk.db.pool, { ...of, snapshot: 'held' })
    await insertBatch(desk.db.pool, { ...of, aborted_at: new Date() })
    await insertBatch(desk.db.pool, { ...of, kind: 'withdrawal' })
    const home = await (await (await browse(desk, ['ops']))('/console')).text()
    for (const words of ['snapshot ditahan: perlu keputusan', 'dibatalkan', 'penarikan']) expect(home).toContain(words)
  })

  it('shows the report of a batch to ops, and not to a client of its platform, which has the portal', async () => {
    await using desk = await openDesk()
    const { id } = await insertBatch(desk.db.pool, { state: 'settled', settled_at: new Date(), received: 3 })
    const chunk = await insertChunk(desk.db.pool, { batch: id, entries: 3, state: 'settled', held: 1, unchanged: 2 })
    const found = [{ line: 2, code: 'key-twice', severity: 'hold' as const, path: '/<b>' }]
    await desk.db.pool.query(sql`
      insert into report (chunk, stage, findings, counts) values (${chunk}, 'link', ${encodeReport(found)}, '{"key-twice": 1}')`)
    const home = await (await (await browse(desk, ['ops']))('/console')).text()
    expect(home).toContain(`href="/console/batches/${id}"`)
    const answer = await (await browse(desk, ['viewer']))(`/console/batches/${id}?lang=en`)
    const page = await answer.text()
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page).toContain('2 of 3 entries were taken')
    expect(page).toContain('This key stands twice in one batch')
    expect(page).toContain('/&lt;b&gt;')
    const { token } = await desk.caller('carik-jakarta')
    const headers = { authorization: `Bearer ${token}` }
    expect((await fetch(`${desk.url}/console/batches/${id}`, { headers })).status).toBe(401)
  })

  it('speaks Indonesian unless the browser or the address asks for English', async () => {
    await using desk = await openDesk()
    const get = await browse(desk)
    const titles = []
    for (const [path, language] of [
      ['/console', ''],
      ['/console', 'en-GB,en;q=0.9'],
      ['/console?lang=id', 'en'],
      ['/console?lang=en', 'id'],
    ] as const) {
      const text = await (await get(path, { headers: { 'accept-language': language } })).text()
      titles.push(/<html lang="(.*)">[\s\S]*<h1>(.*)<\/h1>/.exec(text)?.slice(1).join(' '))
    }
    expect(titles).toEqual(['id Beranda', 'en Home', 'id Beranda', 'en Home'])
    const decided = await (await get('/console/reviews?state=decided&saved=same')).text()
    expect(decided).toContain('href="/console/reviews?state=decided&amp;lang=en"')
  })

  it('keeps no page, runs no script, and escapes what a source wrote', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const answer = await (await browse(desk))(`/console/reviews/${id}`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*frame-ancestors 'none'/)
    const text = await answer.text()
    expect(text).toContain('BUDI &lt;b&gt;CONTOH&lt;/b&gt; &amp; &quot;ANAK&quot;')
    expect(text).not.toContain('<script')
  })

  it('tells the rule that keeps two apart, and where both come from once', async () => {
    await using desk = await openDesk()
    const { nomor_induk_kependudukan: _, ...budi } = POSSIBLE_MATCH[0]
    const namesake = { ...budi, nomor_kartu_keluarga: '9972010101010002', kode_kelurahan_desa_ktp: '9972010001' }
    const id = await raisePossibleMatch(desk, [{ ...budi, kode_kelurahan_desa_ktp: '9971010001' }, namesake])
    const text = await (await (await browse(desk))(`/console/reviews/${id}?lang=en`)).text()
    expect(text).toContain('two of NIK, family card and village, or card and birth date part')
    expect(text.match(/two sources/g)).toHaveLength(1)
    const call = await desk.caller(null, ['steward'])
    expect(await (await call(`/v1/reviews/${id}`)).json()).toMatchObject({ cap: 'namesakes' })
  })

  it('tells of two who look like one that another record speaks against it', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk, [POSSIBLE_MATCH[0], POSSIBLE_MATCH[0]])
    const text = await (await (await browse(desk))(`/console/reviews/${id}`)).text()
    expect(text).toContain('data lain dari salah satu orang ini bertentangan')
  })

  it('shows no personal value in the list', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const text = await (await (await browse(desk))('/console/reviews')).text()
    expect(text).toContain(id)
    expect(text).not.toMatch(/BUDI|99710/)
    expect(await auditOf(desk, id)).toEqual([])
  })

  it.for([
    ['another site', { origin: 'https://example.net', 'sec-fetch-site': 'cross-site' }, 400],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }, 400],
    ['a browser that names the origin only', { origin: 'https://example.net' }, 400],
    ['a page without an origin', { origin: 'null', 'sec-fetch-site': 'none' }, 400],
    ['nobody knows where', {}, 400],
  ] as const)('takes no form from %s', async ([, headers, status]) => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const send = await browse(desk)
    const body = 'decision=same&reason=because'
    const answer = await send(`/console/reviews/${id}`, {
      method: 'POST',
      body,
      headers: { 'content-type': FORM, ...headers },
    })
    expect(answer.status).toBe(status)
    expect(await auditOf(desk, id)).toEqual([])
  })

  it('refuses a form that is not whole', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const send = await browse(desk)
    const statuses = []
    for (const body of [
      '',
      'decision=same',
      'decision=perhaps&reason=because',
      'decision=same&reason=++++',
      'decision=same&reason=because&id=1',
    ]) {
      const headers = { 'content-type': FORM, origin: desk.url }
      statuses.push((await send(`/console/reviews/${id}`, { method: 'POST', body, headers })).status)
    }
    expect(statuses).toEqual([400, 400, 400, 400, 400])
    expect(await auditOf(desk, id)).toEqual([])
  })

  it('goes back to the list in the language that was chosen', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const headers = { 'content-type': FORM, origin: desk.url }
    const body = 'decision=later&reason=ask+the+village'
    const answer = await (await browse(desk))(`/console/reviews/${id}?lang=en`, { method: 'POST', body, headers })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/console/reviews?saved=later&lang=en'])
  })
})
