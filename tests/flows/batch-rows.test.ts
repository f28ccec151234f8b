import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import type { Batch } from '../../src/engine/batch-shapes.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { Conservation } from '../../src/reports/shapes.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>

const REASONS = ['titian_line', 'titian_outcome', 'titian_code', 'titian_field', 'titian_reason', 'titian_mend']
const ROWS = 10

const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
let gateway: TestGateway
let jembrana: Call
let ops: Call
let header: string[]
let sent: string[][]

beforeAll(async () => {
  gateway = await openGateway({ CHUNK_RECORDS: '4' }, registry)
  jembrana = await gateway.caller('jembrana')
  ops = await gateway.caller(null, ['ops'])
  const text = await readFile(new URL('../samples/jembrana/jembrana.csv', import.meta.url), 'utf8')
  const [head, ...rows] = parse(text, { to: ROWS + 1 }) as string[][]
  header = head ?? []
  sent = rows
  // What a spreadsheet or a careless writer would change.
  sent[2] = cell(sent[2], 'ALAMAT', '=JL "MAWAR", NO. 1\r\nRT 001')
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

const cell = (row: string[] = [], column: string, value: string) => row.with(header.indexOf(column), value)
const csvOf = (rows: readonly string[][]) =>
  rows.map((cells) => `${cells.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\r\n`).join('')
const batchOf = async (id: string) => (await (await jembrana(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
const gap = async () => ((await (await ops('/v1/conservation')).json()) as Static<typeof Conservation>).gap

async function pushed(key: string, text: string): Promise<string> {
  const answer = await push(jembrana, key, text, { dataset: 'jembrana', 'content-type': 'text/csv' })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { id: string }).id
}

/** Rows given back, as the text and as cells: the sender's own, and the gateway's by name. */
async function rowsOf(id: string, which: string) {
  const answer = await jembrana(`/v1/batches/${id}/rows/${which}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
  const text = await answer.text()
  const [head = [], ...rows] = parse(text, { bom: true }) as string[][]
  expect(head).toEqual([...header, ...REASONS])
  const own = rows.map((row) => row.slice(0, header.length))
  const reasons = rows.map((row) => Object.fromEntries(REASONS.map((name, at) => [name, row[header.length + at]])))
  return { text, own, reasons }
}

describe('the rows of a batch that is aborted', () => {
  it('are given back while they wait and when they are dropped, byte for byte, and are pushed as they are', async () => {
    const id = await pushed('batal', csvOf([header, ...sent]))
    const waiting = await rowsOf(id, 'unprocessed')
    expect(waiting.own).toEqual(sent)
    expect(new Set(waiting.reasons.map((reason) => reason.titian_outcome))).toEqual(new Set(['pending']))
    expect((await rowsOf(id, 'rejected')).own).toEqual([])

    expect((await jembrana(`/v1/batches/${id}/abort`, { method: 'POST' })).status).toBe(200)
    expect(await batchOf(id)).toMatchObject({ state: 'settled', gap: 0, counts: { received: ROWS, rejected: ROWS } })
    const dropped = await rowsOf(id, 'unprocessed')
    expect(dropped.own).toEqual(sent)
    for (const [at, reason] of dropped.reasons.entries())
      expect(reason).toMatchObject({
        titian_line: waiting.reasons[at]?.titian_line,
        titian_outcome: 'rejected',
        titian_code: 'batch-aborted',
      })
    for (const which of ['rejected', 'held']) expect((await rowsOf(id, which)).own).toEqual([])

    const again = await pushed('batal-ulang', dropped.text)
    await workAll(gateway, registry)
    expect(await batchOf(again)).toMatchObject({ state: 'settled', counts: { received: ROWS, new: ROWS } })
    expect(await gap()).toBe(0)
  })

  it('leave out what was linked before', async () => {
    const changed = sent.map((row) => cell(row, 'LANTAI', '03'))
    const id = await pushed('separuh', csvOf([header, ...changed]))
    await workAll(gateway, registry, 1)
    expect((await batchOf(id)).counts).toMatchObject({ pending: ROWS - 4 })
    expect((await rowsOf(id, 'unprocessed')).own).toEqual(changed.slice(4))
    expect((await jembrana(`/v1/batches/${id}/abort`, { method: 'POST' })).status).toBe(200)
    expect((await rowsOf(id, 'unprocessed')).own).toEqual(changed.slice(4))
    expect(await batchOf(id)).toMatchObject({ state: 'settled', gap: 0, counts: { pending: 0, rejected: ROWS - 4 } })
    expect(await gap()).toBe(0)
  })
})

describe('columns that the gateway adds', () => {
  it('change nothing wherever they stand, and another unknown column is still refused', async () => {
    const plain = await pushed('tanpa-kolom', csvOf([header, ...sent]))
    // Two batches that wait together are linked in any order, and the first of them would count as the change.
    await workAll(gateway, registry)
    const around = (row: string[], name: string) => [name, ...row.slice(0, 5), name, ...row.slice(5)]
    const marked = [
      ['titian_line', ...header.slice(0, 5), 'titian_catatan', ...header.slice(5)],
      ...sent.map((row) => around(row, '=1+1')),
    ]
    const same = await pushed('kolom-tersebar', csvOf(marked))
    await workAll(gateway, registry)
    for (const id of [plain, same]) expect((await batchOf(id)).counts).toMatchObject({ received: ROWS, pending: 0 })
    expect((await batchOf(same)).counts).toMatchObject({ unchanged: ROWS })
    const other = csvOf([[...header, 'catatan'], ...sent.map((row) => [...row, ''])])
    const refused = await push(jembrana, 'kolom-lain', other, { dataset: 'jembrana', 'content-type': 'text/csv' })
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: `/header/${header.length}` }] })
  })
})
