import { readFile } from 'node:fs/promises'
import { scopesOf } from '../../../../src/trust/access/scopes.ts'
import { aad } from '../../../../src/trust/keys/vault.ts'
import { openDesk, REGISTRY } from '../../../console/desk.ts'
import { push } from '../../../flows/gateway.ts'
import { workAll } from '../../../flows/stages.ts'

/** Names of one platform's things. */
export type Things = Record<'batch' | 'submission' | 'upload' | 'record' | 'list' | 'webhook' | 'correction', string>

/** Names of the same form that nothing has. */
export const ABSENT: Things = {
  batch: 'bat_01kaj3q8z4t0c6v9w2x5y7b1nd',
  submission: 'sub_01kaj3q8z4t0c6v9w2x5y7b1nd',
  upload: 'upl_01kaj3q8z4t0c6v9w2x5y7b1nd',
  record: '317220158216319999',
  list: 'lst_01kaj3q8z4t0c6v9w2x5y7b1nd',
  webhook: 'tiada',
  correction: 'cor_01kaj3q8z4t0c6v9w2x5y7b1nd',
}

const JSON_BODY = { 'content-type': 'application/json' }
const TUS = { 'tus-resumable': '1.0.0' }
const KEY = { 'idempotency-key': 'matriks' }
const ROWS = 'dtks-individu'

type Attempt = { path: (things: Things) => string; headers?: Record<string, string>; body?: string }
const of = (path: Attempt['path'], headers: Attempt['headers'] = {}, body?: string): Attempt => ({
  path,
  headers,
  ...(body !== undefined && { body }),
})

/** A call that would do or show something, if the thing were the caller's own, of each route that names a platform's things. */
export const NAMING: Readonly<Record<string, Attempt>> = {
  'GET /v1/submissions/:id': of((its) => `/v1/submissions/${its.submission}`),
  'POST /v1/submissions/:id/commit': of(
    (its) => `/v1/submissions/${its.submission}/commit`,
    JSON_BODY,
    '{"files":["a.csv"]}',
  ),
  'POST /v1/submissions/:id/abort': of((its) => `/v1/submissions/${its.submission}/abort`),
  'DELETE /v1/submissions/:id/files/:file': of((its) => `/v1/submissions/${its.submission}/files/a.csv`),
  'POST /v1/submissions/:id/files/:file': of(
    (its) => `/v1/submissions/${its.submission}/files/b.csv?dataset=${ROWS}`,
    { ...KEY, 'content-type': 'text/csv' },
    'x\n',
  ),
  'GET /v1/uploads/:id': of((its) => `/v1/uploads/${its.upload}`),
  'PATCH /v1/uploads/:id': of(
    (its) => `/v1/uploads/${its.upload}`,
    { ...TUS, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
    'x',
  ),
  'DELETE /v1/uploads/:id': of((its) => `/v1/uploads/${its.upload}`, TUS),
  'GET /v1/batches/:id': of((its) => `/v1/batches/${its.batch}`),
  'GET /v1/batches/:id/report': of((its) => `/v1/batches/${its.batch}/report`),
  'GET /v1/batches/:id/rows/:which': of((its) => `/v1/batches/${its.batch}/rows/rejected`),
  'GET /v1/batches/:id/findings': of((its) => `/v1/batches/${its.batch}/findings`),
  'GET /v1/batches/:id/receipt': of((its) => `/v1/batches/${its.batch}/receipt`),
  'POST /v1/batches/:id/receipt': of((its) => `/v1/batches/${its.batch}/receipt`, JSON_BODY, '{"key":"1"}'),
  'GET /v1/batches/:id/acknowledgements': of((its) => `/v1/batches/${its.batch}/acknowledgements`),
  'POST /v1/batches/:id/abort': of((its) => `/v1/batches/${its.batch}/abort`),
  'POST /v1/batches/:id/withdraw': of((its) => `/v1/batches/${its.batch}/withdraw`, JSON_BODY, '{"reason":"mistaken"}'),
  'GET /v1/records/:dataset/:key': of((its) => `/v1/records/${ROWS}/${its.record}`),
  'DELETE /v1/records/:dataset/:key': of((its) => `/v1/records/${ROWS}/${its.record}?reason=moved`, KEY),
  'GET /v1/programmes/:programme/lists/:list': of((its) => `/v1/programmes/sembako/lists/${its.list}`),
  'GET /v1/webhooks/:name': of((its) => `/v1/webhooks/${its.webhook}`),
  'GET /v1/webhooks/:name/attempts': of((its) => `/v1/webhooks/${its.webhook}/attempts`),
  'POST /v1/webhooks/:name/secret': of((its) => `/v1/webhooks/${its.webhook}/secret`, JSON_BODY, '{"overlap_hours":1}'),
  'POST /v1/webhooks/:name/test': of((its) => `/v1/webhooks/${its.webhook}/test`, JSON_BODY, '{}'),
  'POST /v1/webhooks/:name/replay': of(
    (its) => `/v1/webhooks/${its.webhook}/replay`,
    JSON_BODY,
    '{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}',
  ),
  'DELETE /v1/webhooks/:name': of((its) => `/v1/webhooks/${its.webhook}`),
  'POST /v1/corrections/:id/keep': of(
    (its) => `/v1/corrections/${its.correction}/keep`,
    JSON_BODY,
    '{"reason":"benar"}',
  ),
  'GET /portal/batches/:id': of((its) => `/portal/batches/${its.batch}`),
  'GET /portal/batches/:id/findings': of((its) => `/portal/batches/${its.batch}/findings`),
  'GET /portal/batches/:id/rows/:which': of((its) => `/portal/batches/${its.batch}/rows/rejected`),
}

/** Why a route with a parameter names nothing that belongs to one platform. */
export const NAMES_NOTHING: Readonly<Record<string, string>> = {
  'POST /v1/audit/checkpoints/:size/cosignatures': 'the size of the log, which is one for all',
  'POST /v1/datasets/:dataset/batches': 'datasets are public names',
  'GET /v1/datasets/:dataset': 'datasets are public names',
  'GET /v1/breaches/:id': 'a breach is told to every platform, each with its own records',
  'GET /v1/breaches/:id/records': 'a breach is told to every platform, each with its own records',
  'POST /v1/datasets/:dataset/keys': 'datasets are public names',
  'POST /v1/datasets/:dataset/preview': 'datasets are public names',
  'GET /v1/codelists/:name': 'code lists are public names',
  'GET /v1/reconciliation/:list': "three lists of the caller's own",
  'GET /v1/programmes/:programme/candidates': 'programmes are public names',
  'POST /v1/programmes/:programme/lists': 'programmes are public names',
  'POST /v1/programmes/:programme/what-if': 'programmes are public names',
  'PUT /v1/webhooks/:name': "makes one of the caller's own of this name",
  'GET /portal/results/:dataset': 'datasets are public names',
  'GET /portal/candidates/:programme': 'programmes are public names',
}

/** A gateway with two platforms, of which the first owns one thing of each kind. */
export async function openTenants() {
  const desk = await openDesk()
  const owner = await desk.caller('carik-jakarta', scopesOf('platform'))
  const other = await desk.caller('sumedang', scopesOf('platform'))
  const sample = await readFile(`tests/samples/carik-jakarta/${ROWS}.csv`, 'utf8')
  const [head = '', ...rows] = sample.split('\n').slice(0, 4)
  const body = `${[head, ...rows].join('\n')}\n`
  const pushed = await push(owner, 'matriks', body, { dataset: ROWS, 'content-type': 'text/csv' })
  const { id: batch } = (await pushed.json()) as { id: string }
  await workAll(desk, await REGISTRY)
  const submission = await owner('/v1/submissions', { method: 'POST', headers: KEY })
  const { id } = (await submission.json()) as { id: string }
  await owner(`/v1/submissions/${id}/files/a.csv?dataset=${ROWS}`, {
    method: 'POST',
    headers: { ...KEY, 'content-type': 'text/csv' },
    body,
  })
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  const upload = await owner('/v1/uploads', {
    method: 'POST',
    headers: {
      ...TUS,
      'upload-length': '100',
      'upload-metadata': `dataset ${encoded(ROWS)},filename ${encoded('a.csv')}`,
    },
  })
  const list = await owner('/v1/programmes/sembako/lists', { method: 'POST' })
  await owner('/v1/webhooks/utama', {
    method: 'PUT',
    headers: JSON_BODY,
    body: '{"url":"https://region.example/titian","events":["batch.settled"]}',
  })
  await desk.db.pool.query(`
    insert into person_request (id, about, subject, state, reason, asked_by, confirmed_by, confirmed_at)
    values ('req_1', 'correction', 'per_1', 'open', '', 'a', 'b', now())`)
  const correction = 'cor_01kaj3q8z4t0c6v9w2x5y7b1ne'
  const said = desk.vault.seal(
    Buffer.from(JSON.stringify({ key: 'a', fields: { nama: 'Siti' }, statement: 'Sari' })),
    aad('titian', 'correction_task', correction, 'said'),
  )
  await desk.db.pool.query(`
    insert into correction_task (id, request, platform, dataset, record_index, content, due_at, said)
    values ('${correction}', 'req_1', 'carik-jakarta', '${ROWS}', decode(repeat('0', 32), 'hex'), '', now(), decode('${said.toString('hex')}', 'hex'))`)
  const things: Things = {
    batch,
    submission: id,
    upload: upload.headers.get('location')?.split('/').at(-1) ?? '',
    record: rows[0]?.split(',')[1] ?? '',
    list: ((await list.json()) as { list?: { id: string }; id?: string }).id ?? '',
    webhook: 'utama',
    correction,
  }
  return Object.assign(desk, { owner, other, things })
}
