import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Static } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { type Registry, readParts } from '../../src/catalogue/registry.ts'
import type { Batch, Release } from '../../src/engine/batch-shapes.ts'
import type { Problem } from '../../src/io/http/problem.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import type { Conservation, FindingPage, RecordWay } from '../../src/reports/shapes.ts'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { titian } from '../support/command.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = Record<string, unknown> & { id_keluarga: string }

const FLOOR = 'jenis_lantai_terluas: { from: jenis_lantai, codes: lantai }'
const FIRST_LINE = 'title: Carik Jakarta'
const builtIn = await readRegistry(['src/registry'])

/** The built-in registry with carik holding floors that it does not know; version 2 knows one more. */
function registryWith({ second }: { second: 'absent' | 'draft' | 'published' }): Registry {
  const files = new Map([...builtIn].filter(([path]) => !path.startsWith('datasets/')))
  for (const [path, { text }] of builtIn) {
    if (!path.startsWith('datasets/carik/1/')) continue
    const held = text.replace(FLOOR, FLOOR.replace(' }', ', unmapped: hold }'))
    files.set(path, { file: path, text: held })
    if (second === 'absent') continue
    const head = second === 'draft' ? `${FIRST_LINE}\ndraft: true` : FIRST_LINE
    const later = path.replace('/1/', '/2/')
    const mended = held.replace('  Keramik: "2"', '  Keramik: "2"\n  Terakota: "4"').replace(FIRST_LINE, head)
    files.set(later, { file: later, text: mended })
  }
  return readParts(files, (identity) => identity, new Diagnostics())
}

let registry: Registry & { datasets: Map<string, unknown>; versions: Map<string, unknown> }
let gateway: TestGateway
let carik: Call
let ops: Call
let families: Family[]
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-release-'))
  const { datasets, versions, ...rest } = registryWith({ second: 'absent' })
  registry = { ...rest, datasets: new Map(datasets), versions: new Map(versions) }
  gateway = await openGateway({ CHUNK_RECORDS: '4' }, registry)
  carik = await gateway.caller('carik-jakarta')
  ops = await gateway.caller(null, ['ops'])
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  families = text
    .split('\n')
    .slice(0, 10)
    .map((line) => JSON.parse(line))
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** What a restart of gateway and workers with other files does. */
function restartWith(second: 'absent' | 'draft' | 'published'): void {
  const { datasets, versions } = registryWith({ second })
  registry.datasets.clear()
  registry.versions.clear()
  for (const [name, dataset] of datasets) registry.datasets.set(name, dataset)
  for (const [name, dataset] of versions) registry.versions.set(name, dataset)
}

/** Ten families under keys of their own, those on some lines with a floor that version 1 does not know. */
function tenFamilies(prefix: string, held: readonly number[], edit: (family: Family) => Family = (family) => family) {
  return families.map((family, index) => {
    const keyed = { ...family, id_keluarga: `${prefix}-${family.id_keluarga}` }
    return edit(
      held.includes(index + 1) ? { ...keyed, jenis_lantai: 'Terakota' } : { ...keyed, jenis_lantai: 'Keramik' },
    )
  })
}

/** The family under the key of another one, with members that nobody knows. */
function underKey(family: Family | undefined, key: string): Family {
  const known = (family?.anggota ?? []) as { id_individu: string }[]
  const members = known.map((member) => ({ ...member, id_individu: `${key}-${member.id_individu}` }))
  return { ...family, id_keluarga: key, anggota: members }
}

async function settled(key: string, records: readonly Family[]): Promise<string> {
  const body = `${records.map((record) => JSON.stringify(record)).join('\n')}\n`
  const { id } = (await (await push(carik, key, body, { dataset: 'carik' })).json()) as Static<typeof Batch>
  await workAll(gateway, registry)
  return id
}

const release = (id: string, call: Call = ops) => call(`/v1/batches/${id}/release`, { method: 'POST' })
const wishFor = (id: string, wish: object) =>
  ops(`/v1/batches/${id}/release`, {
    method: 'POST',
    body: JSON.stringify(wish),
    headers: { 'content-type': 'application/json' },
  })
const released = async (id: string) => (await (await release(id)).json()) as Static<typeof Release>
const batchOf = async (id: string) => (await (await carik(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
const gap = async () => ((await (await ops('/v1/conservation')).json()) as Static<typeof Conservation>).gap
const way = async (key: string) => (await (await carik(`/v1/records/carik/${key}`)).json()) as Static<typeof RecordWay>

async function findingsOf(id: string, code: string): Promise<number[]> {
  const lines: number[] = []
  for (let next: string | null = '0.0.0'; next !== null; ) {
    const answer = await carik(`/v1/batches/${id}/findings?limit=3&after=${next}`)
    const page = (await answer.json()) as Static<typeof FindingPage>
    lines.push(...page.findings.filter((finding) => finding.code === code).map(({ line }) => line))
    next = page.next
  }
  return lines.sort((a, b) => a - b)
}

describe('releasing a batch', () => {
  it('works only the held entries again, under the mended version, and the sums close at every moment', async () => {
    restartWith('absent')
    // The chunks are lines 1 to 4, 5 to 8 and 9 to 10: of the last one everything is held.
    const id = await settled('lepas', tenFamilies('A', [1, 3, 6, 9, 10]))
    expect((await batchOf(id)).counts).toMatchObject({ received: 10, new: 5, held: 5, pending: 0 })
    expect(await findingsOf(id, 'code-unmapped')).toEqual([1, 3, 6, 9, 10])

    restartWith('published')
    const answer = await release(id)
    expect(answer.status).toBe(202)
    expect(await answer.json()).toMatchObject({
      released: 5,
      chunks: 2,
      gone: 0,
      batch: { state: 'received', settled_at: null, counts: { new: 5, held: 0, pending: 5 }, gap: 0 },
    })
    expect(await gap()).toBe(0)
    expect(await findingsOf(id, 'code-unmapped')).toEqual([])

    expect(await readAuditOf(gateway.db.pool, 'batch', id)).toContainEqual(
      expect.objectContaining({ actor: ops.id, action: 'batch.released' }),
    )

    await workAll(gateway, registry)
    expect(await batchOf(id)).toMatchObject({
      state: 'settled',
      dataset_version: '1',
      counts: { received: 10, new: 10, held: 0, pending: 0 },
      gap: 0,
    })
    expect(await gap()).toBe(0)
    expect((await way(`A-${families[8]?.id_keluarga}`)).entries).toMatchObject([{ line: 9, outcome: 'new' }])
    const { rows } = await gateway.db.pool.query(
      'select first_line, entries, dataset_version from chunk where batch = $1 order by first_line',
      [id],
    )
    expect(rows).toEqual([
      { first_line: 1, entries: 4, dataset_version: '2' },
      { first_line: 2, entries: 2, dataset_version: null },
      { first_line: 5, entries: 3, dataset_version: null },
      { first_line: 10, entries: 1, dataset_version: '2' },
    ])
  })

  it('keeps under their own version what no newer one is published for, and reports it once', async () => {
    restartWith('absent')
    const id = await settled('tetap', tenFamilies('B', [2, 7]))
    restartWith('draft')
    for (const _ of [1, 2]) {
      expect(await released(id)).toMatchObject({ released: 2, chunks: 1 })
      await workAll(gateway, registry)
      expect(await batchOf(id)).toMatchObject({ state: 'settled', counts: { new: 8, held: 2 }, gap: 0 })
      expect(await findingsOf(id, 'code-unmapped')).toEqual([2, 7])
      expect(await gap()).toBe(0)
    }
  })

  it('lets no released entry overwrite what a newer batch has said (I6)', async () => {
    restartWith('absent')
    const older = await settled('lama', tenFamilies('C', [4]))
    const moved = (family: Family) => ({ ...family, alamat: 'JL. BARU NO. 2' })
    const newer = await settled('baru', tenFamilies('C', [], moved))
    expect((await batchOf(newer)).counts).toMatchObject({ new: 1, updated: 9 })
    restartWith('published')
    expect(await released(older)).toMatchObject({ released: 1 })
    await workAll(gateway, registry)
    expect(await batchOf(older)).toMatchObject({ state: 'settled', counts: { new: 9, unchanged: 1, held: 0 } })
    // The family's record, and those of its two members, who had moved with it.
    expect(await findingsOf(older, 'superseded')).toEqual([4, 4, 4])
    expect(await gap()).toBe(0)
  })

  it('gives two orders at once each entry but once', async () => {
    restartWith('absent')
    const id = await settled('dua', tenFamilies('D', [1, 5, 9]))
    const both = await Promise.all([released(id), released(id)])
    expect(both.map((one) => one.released).sort()).toEqual([0, 3])
    await workAll(gateway, registry)
    expect(await gap()).toBe(0)
  })

  it('finds nothing to do where nothing is held', async () => {
    const id = await settled('sehat', tenFamilies('E', []))
    const answer = await release(id)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ released: 0, chunks: 0, batch: { state: 'settled' } })
  })

  it('leaves held for good what is no longer kept', async () => {
    restartWith('absent')
    const id = await settled('hapus', tenFamilies('F', [1]))
    await gateway.db.pool.query('update chunk set raw = null where batch = $1', [id])
    expect(await released(id)).toMatchObject({ released: 0, gone: 1, batch: { state: 'settled', counts: { held: 1 } } })
  })

  it('lets no reused key through that nobody has named, whatever else was mended (I6)', async () => {
    restartWith('absent')
    const [one, other] = tenFamilies('G', [2])
    await settled('kunci-1', [underKey(one, 'G-same')])
    const id = await settled('kunci-2', [underKey(other, 'G-same')])
    expect(await findingsOf(id, 'code-unmapped')).toEqual([1])
    restartWith('published')
    expect(await released(id)).toMatchObject({ released: 1, kept: 0 })
    await workAll(gateway, registry)
    expect(await batchOf(id)).toMatchObject({ state: 'settled', counts: { held: 1 } })
    expect(await findingsOf(id, 'key-reused')).toEqual([1])
    expect(await released(id)).toMatchObject({ released: 0, kept: 1, batch: { counts: { held: 1 } } })
    for (const [wish, place] of [
      [{ codes: ['key-reused'] }, '/body/reason'],
      [{ codes: ['key-reuse'], reason: 'because' }, '/body/codes/0'],
      [{ codes: [] }, '/body/codes'],
      [{ reason: 'because' }, '/body/codes'],
    ] as const) {
      const answer = await wishFor(id, wish)
      expect([answer.status, ((await answer.json()) as Problem).errors?.[0]?.pointer]).toEqual([400, place])
    }
    expect(await (await wishFor(id, { codes: ['code-unmapped'] })).json()).toMatchObject({ released: 0, kept: 1 })
    const named = await wishFor(id, { codes: ['key-reused'], reason: 'numbers were given again' })
    expect(await named.json()).toMatchObject({ released: 1, kept: 0 })
    const list = await (await ops(`/v1/batches/${id}/releases`)).json()
    expect(list).toEqual({
      releases: [
        {
          at: expect.any(String),
          by: ops.id,
          codes: ['key-reused'],
          reason: 'numbers were given again',
          released: 1,
        },
        { at: expect.any(String), by: ops.id, codes: null, reason: null, released: 1 },
      ],
    })
    const { rows } = await gateway.db.pool.query('select reason from release where batch = $1', [id])
    expect(JSON.stringify(rows)).not.toContain('numbers')
    await workAll(gateway, registry)
    expect(await batchOf(id)).toMatchObject({ state: 'settled', counts: { new: 1, held: 0 } })
    expect(await gap()).toBe(0)
  })

  it('of some findings leaves the other lines of a chunk held, each once', async () => {
    restartWith('absent')
    const [first] = tenFamilies('H', [])
    const records = tenFamilies('J', [2])
    await settled('campur-1', [underKey(first, 'J-same')])
    records[2] = underKey(records[2], 'J-same')
    const id = await settled('campur-2', records)
    expect(await batchOf(id)).toMatchObject({ counts: { new: 8, held: 2 } })
    restartWith('published')
    expect(await released(id)).toMatchObject({ released: 1, chunks: 1, kept: 1 })
    expect(await batchOf(id)).toMatchObject({ state: 'received', counts: { pending: 1, held: 1 }, gap: 0 })
    await workAll(gateway, registry)
    expect(await batchOf(id)).toMatchObject({ state: 'settled', counts: { new: 9, held: 1 }, gap: 0 })
    expect(await findingsOf(id, 'key-reused')).toEqual([3])
    const secret = join(folder, 'secret')
    await writeFile(secret, ops.secret)
    const client = ['--url', gateway.url, '--client', ops.id, '--secret-file', secret, '--json']
    const kept = await titian(['batch', 'release', id, ...client])
    expect(JSON.parse(kept.out[0] ?? '')).toMatchObject({ released: 0, kept: 1 })
    const lone = await titian(['batch', 'release', id, '--reason', 'because', ...client])
    expect([lone.code, lone.err[0]]).toEqual([1, expect.stringContaining('--code')])
    const named = await titian(['batch', 'release', id, '--code', 'key-reused', '--reason', 'given again', ...client])
    expect(JSON.parse(named.out[0] ?? '')).toMatchObject({ released: 1, kept: 0 })
    await workAll(gateway, registry)
    expect(await batchOf(id)).toMatchObject({ state: 'settled', counts: { new: 10, held: 0 }, gap: 0 })
  })

  it('is for ops and stewards', async () => {
    expect(await problemOf(await release('bat_00000000000000000000000000', carik))).toEqual({
      status: 403,
      code: 'scope-missing',
    })
    expect(await problemOf(await release('bat_00000000000000000000000000'))).toEqual({ status: 404, code: 'not-found' })
    const list = '/v1/batches/bat_00000000000000000000000000/releases'
    expect(await problemOf(await carik(list))).toEqual({ status: 403, code: 'scope-missing' })
    expect(await problemOf(await ops(list))).toEqual({ status: 404, code: 'not-found' })
  })
})
