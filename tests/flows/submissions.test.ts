import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SubmissionView } from '../../src/engine/submissions/submission-view.db.ts'
import { forgetSubmissions } from '../../src/intake/submissions/submission.db.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { openGateway, problemOf, type TestGateway } from './gateway.ts'

let gateway: TestGateway
let call: Awaited<ReturnType<TestGateway['caller']>>
beforeAll(async () => {
  gateway = await openGateway()
  call = await gateway.caller('utara')
})
afterAll(() => gateway[Symbol.asyncDispose]())

let opened = 0
async function open(body?: object): Promise<SubmissionView> {
  opened += 1
  const answer = await call('/v1/submissions', {
    method: 'POST',
    headers: { 'idempotency-key': `open-${opened}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  expect(answer.status).toBe(201)
  return (await answer.json()) as SubmissionView
}

function add(id: string, file: string, key: string, body: string, dataset = 'orang'): Promise<Response> {
  return call(`/v1/submissions/${id}/files/${file}?dataset=${dataset}`, {
    method: 'POST',
    headers: {
      'idempotency-key': key,
      'content-type': dataset === 'tabel' ? 'text/csv' : 'application/x-ndjson',
    },
    body,
  })
}

function commit(id: string, files: string[]): Promise<Response> {
  return call(`/v1/submissions/${id}/commit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  })
}

/** First lines and numbers of entries of the chunks of a file. */
async function chunksOf(batch = ''): Promise<[number, number][]> {
  const { rows } = await gateway.db.pool.query<{ first: number; entries: number }>(sql`
    select first_line as first, entries from chunk where batch = ${batch} order by first_line`)
  return rows.map(({ first, entries }) => [first, entries])
}

const PEOPLE = '{"id":"a"}\n{"id":"b"}\n'
const TABLE = 'id;nama;alamat\n1;A;X\n2;B;Y\n'

describe('a submission', () => {
  it('takes files of several datasets and receives all of them in one step', async () => {
    const { id } = await open()
    expect((await add(id, 'orang.ndjson', 'a', PEOPLE)).status).toBe(201)
    expect((await add(id, 'tabel.csv', 'a', TABLE, 'tabel')).status).toBe(201)
    const before = (await (await call(`/v1/submissions/${id}`)).json()) as SubmissionView
    expect(before).toMatchObject({ state: 'open', counts: { received: 0 } })
    const answer = await commit(id, ['orang.ndjson', 'tabel.csv'])
    expect(answer.status).toBe(202)
    const after = (await answer.json()) as SubmissionView
    expect(after).toMatchObject({ state: 'committed', expires_at: null, gap: 0, counts: { received: 4, pending: 4 } })
    expect(after.files).toMatchObject([
      { file: 'orang.ndjson', dataset: 'orang', state: 'received', entries: 2 },
      { file: 'tabel.csv', dataset: 'tabel', state: 'received', entries: 2 },
    ])
  })

  it('gives its files their places in the order in which they were begun', async () => {
    const { id } = await open()
    await add(id, 'satu', 'a', PEOPLE)
    await add(id, 'dua', 'a', PEOPLE)
    await add(id, 'satu', 'b', '{"id":"c"}\n')
    await commit(id, ['dua', 'satu'])
    const { rows } = await gateway.db.pool.query(sql`
      select file from batch where submission = ${id} order by receipt_order`)
    expect(rows.map(({ file }) => file)).toEqual(['satu', 'dua'])
  })

  it('adds small posts to one open batch, each once, and goes on counting lines', async () => {
    const { id } = await open()
    expect((await add(id, 'tabel.csv', 'bagian-1', TABLE, 'tabel')).status).toBe(201)
    expect((await add(id, 'tabel.csv', 'bagian-2', TABLE, 'tabel')).status).toBe(201)
    const again = await add(id, 'tabel.csv', 'bagian-1', TABLE, 'tabel')
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    const { files } = (await again.json()) as SubmissionView
    expect(files).toMatchObject([{ parts: 2, entries: 4 }])
    expect(await chunksOf(files[0]?.batch)).toEqual([
      [2, 2],
      [5, 2],
    ])
    expect((await commit(id, ['tabel.csv'])).status).toBe(202)
  })

  it('makes one part of a hundred parallel posts under one key', async () => {
    const { id } = await open()
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () => add(id, 'orang', 'sama', PEOPLE).then(({ status }) => status)),
    )
    expect(statuses.filter((status) => status === 201)).toHaveLength(1)
    expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([])
    const view = (await (await call(`/v1/submissions/${id}`)).json()) as SubmissionView
    expect(view.files).toMatchObject([{ parts: 1, entries: 2 }])
    expect(await chunksOf(view.files[0]?.batch)).toEqual([[1, 2]])
  })

  it('keeps nothing of a part that cannot be read, and takes it corrected under the same key', async () => {
    const { id } = await open()
    await add(id, 'tabel.csv', 'a', TABLE, 'tabel')
    expect(await problemOf(await add(id, 'tabel.csv', 'b', 'lain;sama;sekali\n1;2;3\n', 'tabel'))).toEqual({
      status: 422,
      code: 'csv-header',
    })
    const fixed = await add(id, 'tabel.csv', 'b', TABLE, 'tabel')
    expect(fixed.status).toBe(201)
    expect(((await fixed.json()) as SubmissionView).files).toMatchObject([{ parts: 2, entries: 4 }])
  })

  it('refuses another body under a key, another dataset under a name, and what comes after the commit', async () => {
    const { id } = await open()
    await add(id, 'orang', 'a', PEOPLE)
    expect(await problemOf(await add(id, 'orang', 'a', '{"id":"z"}\n'))).toEqual({ status: 422, code: 'key-reused' })
    expect(await problemOf(await add(id, 'orang', 'b', TABLE, 'tabel'))).toEqual({ status: 422, code: 'file-differs' })
    await commit(id, ['orang'])
    expect(await problemOf(await add(id, 'orang', 'c', PEOPLE))).toEqual({ status: 409, code: 'submission-closed' })
    expect((await commit(id, ['orang'])).status).toBe(202)
  })

  it('is not committed without a file that its sender counts on, nor with one more', async () => {
    const { id } = await open()
    await add(id, 'keluarga', 'a', PEOPLE)
    const missing = await commit(id, ['keluarga', 'anggota'])
    expect(await missing.json()).toMatchObject({
      status: 409,
      errors: [{ pointer: '/body/files/1', code: 'file-missing' }],
    })
    await add(id, 'anggota', 'a', PEOPLE)
    const unnamed = await commit(id, ['keluarga'])
    expect(await unnamed.json()).toMatchObject({
      status: 409,
      errors: [{ pointer: '/body/files', code: 'file-unnamed' }],
    })
    const removed = await call(`/v1/submissions/${id}/files/anggota`, { method: 'DELETE' })
    expect(removed.status).toBe(204)
    expect((await commit(id, ['keluarga'])).status).toBe(202)
  })

  it('is found again by its key, and by nobody else', async () => {
    const init = { method: 'POST', headers: { 'idempotency-key': 'tetap' } }
    const first = (await (await call('/v1/submissions', init)).json()) as SubmissionView
    const second = await call('/v1/submissions', init)
    expect([second.status, ((await second.json()) as SubmissionView).id]).toEqual([200, first.id])
    const other = await gateway.caller('selatan')
    expect((await other(`/v1/submissions/${first.id}`)).status).toBe(404)
    expect((await other(`/v1/submissions/${first.id}/abort`, { method: 'POST' })).status).toBe(404)
    const list = (await (await other('/v1/submissions')).json()) as { submissions: unknown[] }
    expect(list.submissions).toEqual([])
  })

  it('ends with all its files when it is aborted before the commit', async () => {
    const { id } = await open()
    await add(id, 'orang', 'a', PEOPLE)
    const answer = await call(`/v1/submissions/${id}/abort`, { method: 'POST' })
    expect(await answer.json()).toMatchObject({ state: 'aborted', files: [] })
    const { rows } = await gateway.db.pool.query(sql`select from batch where submission = ${id}`)
    expect(rows).toHaveLength(0)
  })

  it('has what is not linked rejected when it is aborted after the commit', async () => {
    const { id } = await open()
    await add(id, 'orang', 'a', PEOPLE)
    await add(id, 'orang-2', 'a', PEOPLE)
    await commit(id, ['orang', 'orang-2'])
    const answer = await call(`/v1/submissions/${id}/abort`, { method: 'POST' })
    expect(await answer.json()).toMatchObject({ state: 'settled', gap: 0, counts: { received: 4, rejected: 4 } })
  })

  it('expires when nobody goes on with it', async () => {
    const { id } = await open()
    await add(id, 'orang', 'a', PEOPLE)
    await gateway.db.pool.query(sql`
      update submission set touched_at = now() - interval '25 hours' where id = ${id}`)
    expect(await forgetSubmissions(gateway.db.pool, 24)).toBe(1)
    const view = (await (await call(`/v1/submissions/${id}`)).json()) as SubmissionView
    expect(view).toMatchObject({ state: 'expired', files: [] })
  })

  it('takes the place of an earlier one only with a file for each of its datasets', async () => {
    const first = await open()
    await add(first.id, 'orang', 'a', PEOPLE)
    await add(first.id, 'tabel', 'a', TABLE, 'tabel')
    await commit(first.id, ['orang', 'tabel'])
    const second = await open({ replaces: first.id })
    await add(second.id, 'orang', 'a', PEOPLE)
    expect(await problemOf(await commit(second.id, ['orang']))).toEqual({ status: 409, code: 'submission-differs' })
    await add(second.id, 'tabel', 'a', TABLE, 'tabel')
    expect((await commit(second.id, ['orang', 'tabel'])).status).toBe(202)
    const { rows } = await gateway.db.pool.query(sql`
      select b.snapshot, r.id = any(b.replaces) as own from batch b join batch r on r.submission = ${first.id} and r.dataset = b.dataset
      where b.submission = ${second.id}`)
    expect(rows).toEqual([
      { snapshot: 'open', own: true },
      { snapshot: 'open', own: true },
    ])
  })

  it('cannot take the place of one that is not committed, nor of another platform’s', async () => {
    const { id } = await open()
    const init = (replaces: string) => ({
      method: 'POST',
      headers: { 'idempotency-key': `ganti-${replaces}`, 'content-type': 'application/json' },
      body: JSON.stringify({ replaces }),
    })
    expect(await problemOf(await call('/v1/submissions', init(id)))).toEqual({ status: 409, code: 'submission-open' })
    const other = await gateway.caller('selatan')
    expect((await other('/v1/submissions', init(id))).status).toBe(404)
  })
})
