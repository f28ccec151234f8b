import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckedPart } from '../../src/catalogue/coverage.ts'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { readParts } from '../../src/catalogue/registry.ts'
import { fileEntries } from '../../src/cli/dataset/file-entries.ts'
import { readOtherFiles } from '../../src/cli/dataset/other-files.ts'
import type { CleanEntry, CleanedEntry } from '../../src/domain/entry.ts'
import { readCleanedText, writeCleaned } from '../../src/engine/chunks/cleaned-text.ts'
import { openCleaned } from '../../src/engine/chunks/sealed-chunk.ts'
import { forgetLookupRows } from '../../src/engine/lookups/forget-rows.sql.ts'
import { forgetChunks } from '../../src/engine/retention.sql.ts'
import type { SubmissionView } from '../../src/engine/submissions/submission-view.db.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { titian } from '../support/command.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

const LAYOUTS = 'tests/cases/layouts'
const registry = readParts(
  await readRegistry(['src/registry', `${LAYOUTS}/registry`]),
  (identity) => `(${identity})`,
  new Diagnostics(),
)
const dataset = registry.datasets.get('desa-anggota')
const platform = registry.platforms.get('uji')
if (dataset === undefined || platform === undefined) throw new Error('the layout is not there')
const reader = dataset
const sender = platform

let gateway: TestGateway
let call: Awaited<ReturnType<TestGateway['caller']>>
let ops: Awaited<ReturnType<TestGateway['caller']>>
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-lookups-'))
  // Many chunks, so that rows and those who look them up seldom come together.
  gateway = await openGateway({ CHUNK_RECORDS: '4' }, registry)
  call = await gateway.caller('uji')
  ops = await gateway.caller(null, ['ops'])
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

let sent = 0
/** Sends files as one submission, in this order; gives the batch of each. */
async function submit(files: Record<string, string>): Promise<Map<string, string>> {
  sent += 1
  const opened = await call('/v1/submissions', { method: 'POST', headers: { 'idempotency-key': `kirim-${sent}` } })
  const { id } = (await opened.json()) as SubmissionView
  for (const [file, body] of Object.entries(files)) {
    const of = file.startsWith('anggota') ? 'desa-anggota' : 'desa-keluarga'
    const headers = { 'idempotency-key': file, 'content-type': 'text/csv' }
    const added = await call(`/v1/submissions/${id}/files/${file}?dataset=${of}`, { method: 'POST', headers, body })
    expect(added.status).toBe(201)
  }
  const committed = await call(`/v1/submissions/${id}/commit`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files: Object.keys(files) }),
  })
  expect(committed.status).toBe(202)
  const view = (await committed.json()) as SubmissionView
  return new Map(view.files.map(({ file, batch }) => [file, batch]))
}

/** What a batch's records were cleaned to. */
async function cleanedBy(batch = ''): Promise<CleanedEntry[]> {
  const { rows } = await gateway.db.pool.query(sql`
    select id, platform, cleaned from chunk where batch = ${batch} and cleaned is not null order by first_line`)
  return rows.flatMap((chunk) => openCleaned(gateway.vault, chunk, chunk.cleaned)).sort((a, b) => a.line - b.line)
}

type Found = { line: number; code: string; path: string }
const told = (found: readonly Found[]) => found.map(({ line, code, path }) => `${line} ${code} ${path}`).sort()

async function findingsOf(batch = ''): Promise<string[]> {
  const answer = await call(`/v1/batches/${batch}/findings?limit=1000`)
  return told(((await answer.json()) as { findings: Found[] }).findings)
}

/** What a check says of members beside the file of their families: the very functions, and the command. */
async function checked(members: string, families: string) {
  const [own, other] = [join(folder, 'anggota.csv'), join(folder, 'keluarga.csv')]
  await Promise.all([writeFile(own, members), writeFile(other, families)])
  using others = await readOtherFiles(reader, [other], registry)
  const entries: CleanEntry[] = []
  for await (const entry of fileEntries(own, reader.format)) entries.push(reader.clean(entry, sender, others))
  const env = { TITIAN_REGISTRY: `${LAYOUTS}/registry` }
  const args = ['check', own, other, '--dataset', 'desa-anggota', '--platform', 'uji', '--json']
  const parts = (await titian(args, env)).out.map((line) => JSON.parse(line) as CheckedPart)
  const findings = parts.flatMap(({ line, findings: found }) => found.map((one) => ({ ...one, line })))
  return { cleaned: readCleanedText(writeCleaned(entries)), findings: told(findings) }
}

const FAMILY_HEAD = 'ID;NO KK;KODE DESA;TGL DATA;Luas (m2);Lantai;Listrik?;PKH'
const MEMBER_HEAD = 'ID KELUARGA;NO;NAMA LENGKAP;NIK;L/P;TGL LAHIR;USIA;Hub;Hamil?;Penghasilan'
const two = (number: number) => String(number).padStart(2, '0')
const family = (at: number, pkh = 'Ya') =>
  `K-${at};32111520011500${two(at)};32.11.15.2004;01/06/2025;36,5;Keramik;PLN;${pkh}`
const member = (of: number, name: string, key = `K-${of}`) =>
  `${key};1;${name};321115010170${two(of)}01;L;1-1-70;55;KK;;1.000,50`
const csv = (head: string, rows: readonly string[]) => `${[head, ...rows].join('\n')}\n`

const FAMILIES = csv(FAMILY_HEAD, [
  ...Array.from({ length: 12 }, (_, at) => family(at + 1)),
  family(3),
  // The mapping of the members reads no PKH, and a check looks at the whole row.
  family(4, 'Tidak'),
  family(5, 'Tidak'),
  family(5, 'Tidak'),
])
const MEMBERS = csv(MEMBER_HEAD, [
  ...Array.from({ length: 12 }, (_, at) => member(at + 1, `WARGA ${'ABCDEFGHIJKL'[at]}`)),
  member(20, 'TANPA KELUARGA'),
  member(21, 'TANPA KUNCI', ''),
])

describe('members and their families in one submission', () => {
  it.for([
    ['behind', ['anggota.csv', 'keluarga.csv']],
    ['before', ['keluarga.csv', 'anggota.csv']],
  ] as const)('are cleaned as a check of both cleans them, with the families %s', async ([, order]) => {
    const bodies = { 'anggota.csv': MEMBERS, 'keluarga.csv': FAMILIES }
    const batches = await submit(Object.fromEntries(order.map((file) => [file, bodies[file]])))
    await workAll(gateway, registry)
    const said = await checked(MEMBERS, FAMILIES)
    expect(await cleanedBy(batches.get('anggota.csv'))).toEqual(said.cleaned)
    const lookups = said.findings.filter((text) => text.includes(' lookup-'))
    expect(lookups).toEqual([
      '14 lookup-missing /ID KELUARGA',
      '15 lookup-missing /ID KELUARGA',
      '5 lookup-differs /ID KELUARGA',
      '6 lookup-differs /ID KELUARGA',
    ])
    expect(await findingsOf(batches.get('anggota.csv'))).toEqual(said.findings)
  })

  it('read the files of the layouts as a check does, whatever spreadsheets damaged in them', async () => {
    const [members = '', families = ''] = await Promise.all(
      ['anggota.csv', 'keluarga.csv'].map((file) => readFile(join(LAYOUTS, 'files', file), 'utf8')),
    )
    const batches = await submit({ 'anggota.csv': members, 'keluarga.csv': families })
    await workAll(gateway, registry)
    const said = await checked(members, families)
    expect(await cleanedBy(batches.get('anggota.csv'))).toEqual(said.cleaned)
    expect(said.findings.filter((text) => text.includes(' lookup-'))).toEqual(['7 lookup-missing /ID KELUARGA'])
  })

  it('find the rows of several files of families, and never those of another submission', async () => {
    await submit({ 'anggota-x': csv(MEMBER_HEAD, [member(30, 'LAIN')]), keluarga: csv(FAMILY_HEAD, [family(30)]) })
    const batches = await submit({
      'keluarga-1': csv(FAMILY_HEAD, [family(31)]),
      'anggota-1': csv(MEMBER_HEAD, [member(31, 'SATU'), member(32, 'DUA'), member(30, 'TIGA')]),
      'anggota-2': csv(MEMBER_HEAD, [member(32, 'EMPAT')]),
      'keluarga-2': csv(FAMILY_HEAD, [family(32)]),
    })
    await workAll(gateway, registry)
    const lookups = (found: string[]) => found.filter((text) => text.includes(' lookup-'))
    expect(lookups(await findingsOf(batches.get('anggota-1')))).toEqual(['4 lookup-missing /ID KELUARGA'])
    expect(lookups(await findingsOf(batches.get('anggota-2')))).toEqual([])
  })

  it('are held where the file of the families is not in the submission, or was aborted, or nothing was sent along', async () => {
    const alone = await submit({ 'anggota.csv': MEMBERS })
    const aborted = await submit({ 'keluarga.csv': FAMILIES, 'anggota.csv': MEMBERS })
    expect((await call(`/v1/batches/${aborted.get('keluarga.csv')}/abort`, { method: 'POST' })).status).toBe(200)
    const pushed = await push(call, 'sendiri', MEMBERS, { dataset: 'desa-anggota', 'content-type': 'text/csv' })
    const { id } = (await pushed.json()) as { id: string }
    await workAll(gateway, registry)
    for (const batch of [alone.get('anggota.csv'), aborted.get('anggota.csv'), id]) {
      const entries = await cleanedBy(batch)
      expect(entries.map(({ verdict }) => verdict)).toEqual(Array(14).fill('held'))
      expect((await findingsOf(batch)).filter((text) => text.includes(' lookup-without-file '))).toHaveLength(14)
    }
  })
})

describe('rows that are kept to be looked up', () => {
  it('are sealed, go when the submission has settled, and are made again for who is released later', async () => {
    const batches = await submit({ 'keluarga.csv': FAMILIES, 'anggota.csv': MEMBERS })
    const [members, families] = [batches.get('anggota.csv') ?? '', batches.get('keluarga.csv') ?? '']
    await workAll(gateway, registry)
    const rowsKept = async () => {
      const { rows } = await gateway.db.pool.query<{ key: Buffer; sealed: Buffer | null }>(sql`
        select key_index as key, sealed from lookup_row
        where submission = (select submission from batch where id = ${members})`)
      return rows
    }
    const kept = await rowsKept()
    expect(kept).toHaveLength(12)
    expect(kept.filter(({ sealed }) => sealed === null)).toHaveLength(2)
    const bytes = Buffer.concat(kept.flatMap(({ key, sealed }) => (sealed === null ? [key] : [key, sealed])))
    expect(['K-1', '3211', '2025'].filter((text) => bytes.includes(text))).toEqual([])

    await gateway.db.pool.query(sql`update batch set receipted_at = settled_at where settled_at is not null`)
    expect(await forgetLookupRows(gateway.db.pool)).toBeGreaterThan(0)
    expect(await rowsKept()).toEqual([])
    await forgetChunks(gateway.db.pool, 0)
    const rawOf = async (batch: string) => {
      const { rows } = await gateway.db.pool.query<{ raw: boolean }>(sql`
        select raw is not null as raw from chunk where batch = ${batch} order by first_line`)
      return rows.map(({ raw }) => raw)
    }
    expect(await rawOf(families)).toEqual([true, true, true, true])

    const released = await ops(`/v1/batches/${members}/release`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ codes: ['lookup-missing', 'lookup-differs'] }),
    })
    expect(released.status).toBe(202)
    await workAll(gateway, registry)
    expect((await findingsOf(members)).filter((text) => text.includes(' lookup-'))).toEqual([
      '14 lookup-missing /ID KELUARGA',
      '15 lookup-missing /ID KELUARGA',
      '5 lookup-differs /ID KELUARGA',
      '6 lookup-differs /ID KELUARGA',
    ])
  })
})
