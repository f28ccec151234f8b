import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import type { Batch, CheckReport } from '../../src/engine/batch-shapes.ts'
import { XLSX_TYPE } from '../../src/intake/formats/sniff.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

const DATASET = 'p3ke-individu'
const NAME = 'nama'
/** Rows whose name is taken away, which holds them. */
const PLACES = [0, 2, 4, 10]

const registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
let gateway: TestGateway
let jembrana: Awaited<ReturnType<TestGateway['caller']>>
let columns: string[]
let rows: string[][]

beforeAll(async () => {
  gateway = await openGateway({ CHUNK_RECORDS: '3' }, registry)
  jembrana = await gateway.caller('jembrana')
  const text = await readFile(new URL('../samples/jembrana/p3ke-individu.csv', import.meta.url), 'utf8')
  const [header = [], ...all] = parse(text, { bom: true, to: 13 }) as string[][]
  columns = header
  rows = all.slice(0, 12)
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

/** Rows as CSV, all cells quoted. */
function stringify(table: readonly (readonly string[])[]): string {
  return table.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('')
}

/** A push that is worked whole. */
async function settled(
  key: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
): Promise<Static<typeof Batch>> {
  const answer = await push(jembrana, key, body, { dataset: DATASET, 'content-type': type })
  expect(answer.status).toBe(202)
  const { id } = (await answer.json()) as { id: string }
  await workAll(gateway, registry)
  return (await (await jembrana(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
}

async function rowsAs(id: string, type: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await jembrana(`/v1/batches/${id}/rows/held`, { headers: { accept: type } })
  expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([200, type])
  return new Uint8Array(await answer.arrayBuffer())
}

async function checkOf(body: Uint8Array<ArrayBuffer>, type: string) {
  const answer = await jembrana(`/v1/datasets/${DATASET}/batches?mode=check`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  const { received, held, findings } = (await answer.json()) as Static<typeof CheckReport>
  return { received, held, findings: findings.map(({ key, code, path }) => [key, code, path]) }
}

describe('rows that are given back', () => {
  it('are pushed again as they are, from a CSV and from a workbook alike', async () => {
    const at = (name: string) => columns.indexOf(name)
    const sent = structuredClone(rows)
    const odd = ['=1+1 "RT 001"', ' 0012\nBR. PUNCAK ', 'BR, SARI; 007', "'007"]
    odd.forEach((alamat, index) => {
      const row = sent[PLACES[index] ?? 0] as string[]
      row[at(NAME)] = ''
      row[at('alamat')] = alamat
    })
    const first = await settled('pertama', stringify([columns, ...sent]), 'text/csv')
    expect(first.counts).toMatchObject({ received: 12, held: 4 })

    const csv = await rowsAs(first.id, 'text/csv')
    const [header = [], ...back] = parse(Buffer.from(csv), { bom: true }) as string[][]
    expect(header.slice(0, columns.length)).toEqual(columns)
    expect(back.map((row) => row.slice(0, columns.length))).toEqual(PLACES.map((index) => sent[index]))
    const workbook = await rowsAs(first.id, XLSX_TYPE)
    const [ofCsv, ofWorkbook] = [await checkOf(csv, 'text/csv'), await checkOf(workbook, XLSX_TYPE)]
    expect(ofCsv).toMatchObject({ received: 4, held: 4 })
    expect(ofWorkbook).toEqual(ofCsv)

    const again = await settled('lagi', workbook, XLSX_TYPE)
    expect(again.counts).toMatchObject({ received: 4, held: 4 })
    const [, ...given] = parse(Buffer.from(await rowsAs(again.id, 'text/csv')), { bom: true }) as string[][]
    const own = (table: readonly string[][]) => table.map((row) => row.slice(0, columns.length))
    expect(own(given)).toEqual(own(back))

    // Mended in the file that was given, they are taken, and the earlier ones are closed.
    const mended = back.map((row, index) => row.with(at(NAME), rows[PLACES[index] ?? 0]?.[at(NAME)] ?? ''))
    const last = await settled('diperbaiki', stringify([header, ...mended]), 'text/csv')
    expect(last.counts).toMatchObject({ received: 4, held: 0, rejected: 0 })
    const closed = (await (await jembrana(`/v1/batches/${first.id}`)).json()) as Static<typeof Batch>
    expect(closed.corrected).toMatchObject({ held: 4 })
    expect(parse(Buffer.from(await rowsAs(first.id, 'text/csv')), { bom: true })).toHaveLength(1)
  }, 300_000)

  it('leave out the cells of a row that no workbook can hold, and say which row it was', async () => {
    const long = (rows[11] ?? []).with(columns.indexOf('alamat'), 'A'.repeat(40_000)).with(columns.indexOf(NAME), '')
    const { id, counts } = await settled('panjang', stringify([columns, long]), 'text/csv')
    expect(counts).toMatchObject({ received: 1, held: 1 })
    const { held } = await checkOf(await rowsAs(id, 'text/csv'), 'text/csv')
    expect(held).toBe(1)
    // Only the reason is left of the row: there is nothing to push.
    const answer = await jembrana(`/v1/datasets/${DATASET}/batches?mode=check`, {
      method: 'POST',
      headers: { 'content-type': XLSX_TYPE },
      body: await rowsAs(id, XLSX_TYPE),
    })
    expect([answer.status, await answer.json()]).toMatchObject([400, { type: '/problems/body-empty' }])
  }, 300_000)
})
