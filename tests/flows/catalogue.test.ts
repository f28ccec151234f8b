import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CodeListPage, DatasetDetail, DatasetPage, Preview } from '../../src/catalogue/catalogue-shapes.ts'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { openGateway, problemOf, type TestGateway } from './gateway.ts'

const registry = compileRegistry(await readRegistry(['src/registry']), (identity) => `d${identity.length}`)
let gateway: TestGateway
let call: Awaited<ReturnType<TestGateway['caller']>>

beforeAll(async () => {
  gateway = await openGateway({}, registry)
  call = await gateway.caller('sumedang')
})
afterAll(() => gateway[Symbol.asyncDispose]())

const get = async <T>(path: string) => (await (await call(path)).json()) as T
const previewed = async (answer: Response) => (await answer.json()) as Static<typeof Preview>
const preview = (dataset: string, body: string, headers: Record<string, string> = {}) =>
  call(`/v1/datasets/${dataset}/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
const example = registry.datasets.get('sumedang')?.folder.examples.find(({ file }) => file.endsWith('bersih.json'))
const record = (example?.value as { in: Record<string, string> } | undefined)?.in ?? {}

describe('the catalogue', () => {
  it('lists every dataset that can be pushed', async () => {
    const { datasets } = await get<Static<typeof DatasetPage>>('/v1/datasets')
    expect(datasets.map(({ name }) => name)).toEqual([...registry.datasets.keys()].sort())
    expect(datasets.find(({ name }) => name === 'sumedang')).toMatchObject({
      version: '1',
      status: 'assumption',
      draft: false,
      format: { kind: 'csv', delimiter: ';' },
      levels: ['individu', 'keluarga'],
      columns: 30,
    })
  })

  it('serves concept, definition, classification, measure and unit of each field', async () => {
    const { fields } = await get<Static<typeof DatasetDetail>>('/v1/datasets/sumedang')
    const of = (key: string) => fields.find((field) => field.key === key)
    expect(of('keluarga.jenis_lantai_terluas')).toMatchObject({
      concept: { id: 'Jenis lantai terluas' },
      definition: expect.stringContaining('lantai'),
      classification: 'jenis_lantai',
      measure: 'category',
      rules: [{ from: 'lantai', codes: 'lantai' }],
    })
    expect(of('keluarga.luas_lantai')).toMatchObject({ measure: 'count', unit: expect.stringMatching(/m/) })
  })

  it('serves the schema, what becomes of each column, code lists, rules and examples', async () => {
    const dataset = await get<Static<typeof DatasetDetail>>('/v1/datasets/sumedang')
    expect(Object.keys((dataset.schema as { properties: object }).properties)).toEqual(
      dataset.columns.map(({ name }) => name),
    )
    expect(dataset.columns.filter(({ becomes }) => becomes.length === 0)).toEqual([])
    expect(dataset.codelists.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['lantai', 'shared/pendidikan', 'shared/pekerjaan']),
    )
    expect(dataset.codelists.find(({ name }) => name === 'lantai')).toMatchObject({ rows: { Keramik: '2' } })
    expect(dataset.rules.length).toBeGreaterThan(50)
    expect(dataset.rules[0]).toMatchObject({ code: expect.any(String), text: { id: expect.any(String) } })
    expect(dataset.examples.map(({ name }) => name)).toContain('bersih')
  })

  it('serves every dataset and code list whole, so that no answer breaks on its schema', async () => {
    for (const name of registry.datasets.keys()) expect((await call(`/v1/datasets/${name}`)).status).toBe(200)
    const { codelists } = await get<Static<typeof CodeListPage>>('/v1/codelists')
    expect(codelists.length).toBe(registry.canonical.codelists.size)
    for (const { name } of codelists) expect((await call(`/v1/codelists/${name}`)).status).toBe(200)
    expect(await get('/v1/codelists/jenis_lantai')).toMatchObject({
      variables: ['keluarga.jenis_lantai_terluas'],
      codes: expect.arrayContaining([
        expect.objectContaining({ code: '2', label: { id: 'Keramik', en: 'Ceramic tile' } }),
      ]),
    })
  })

  it('knows nothing else, and asks for a token', async () => {
    expect(await problemOf(await call('/v1/datasets/nothing'))).toEqual({ status: 404, code: 'dataset-unknown' })
    expect(await problemOf(await call('/v1/datasets/sumedang?version=9'))).toEqual({
      status: 404,
      code: 'dataset-unknown',
    })
    expect(await problemOf(await call('/v1/codelists/nothing'))).toEqual({ status: 404, code: 'not-found' })
    expect(await problemOf(await fetch(`${gateway.url}/v1/datasets`))).toEqual({ status: 401, code: 'token-missing' })
  })
})

describe('the preview', () => {
  it('says what would become of records and stores nothing', async () => {
    const answer = await preview('sumedang', JSON.stringify({ records: [record, { ...record, nama: '' }] }))
    expect(answer.status).toBe(200)
    const { dataset_version, entries } = await previewed(answer)
    expect(dataset_version).toBe('1')
    expect(entries).toMatchObject([
      {
        line: 2,
        member: null,
        key: record.no_data,
        outcome: 'accepted',
        records: [{ level: 'individu' }, { level: 'keluarga' }],
      },
      { line: 3, outcome: 'held', findings: [{ code: 'name-missing', severity: 'hold', path: '/nama' }], records: [] },
    ])
    const { rows } = await gateway.db.pool.query('select count(*)::int as stored from batch')
    expect(rows).toEqual([{ stored: 0 }])
  })

  it('answers a file the same, and line by line when asked', async () => {
    const cells = (values: string[]) => values.map((value) => `"${value.replaceAll('"', '""')}"`).join(';')
    const file = `${cells(Object.keys(record))}\n${cells(Object.values(record))}\n`
    const columns = registry.datasets.get('sumedang')?.folder.schema.value as { properties: object }
    expect(Object.keys(record)).toEqual(Object.keys(columns.properties))
    const answer = await preview('sumedang', file, { 'content-type': 'text/csv', accept: 'application/x-ndjson' })
    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const { entries } = await previewed(await preview('sumedang', JSON.stringify({ records: [record] })))
    expect(lines).toEqual(entries)
  })

  it.for([
    ['no records', 'sumedang', '{}', 400, 'bad-request'],
    ['no JSON', 'sumedang', '{', 400, 'bad-request'],
    ['a record that is no object', 'sumedang', '{"records":[1]}', 400, 'bad-request'],
    ['a cell that is no text', 'sumedang', '{"records":[{"nik":3211212409910009}]}', 400, 'bad-request'],
    ['an unknown column', 'sumedang', '{"records":[{"nope":""}]}', 400, 'bad-request'],
    ['101 records', 'sumedang', JSON.stringify({ records: Array(101).fill({}) }), 400, 'bad-request'],
    ["another's dataset", 'carik', '{"records":[]}', 403, 'agreement-missing'],
    ['an unknown dataset', 'nothing', '{"records":[]}', 404, 'dataset-unknown'],
  ] as const)('refuses %s', async ([, dataset, body, status, code]) => {
    expect(await problemOf(await preview(dataset, body))).toEqual({ status, code })
  })
})
