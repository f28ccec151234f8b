import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import { NO_WAY_BACK } from '../../src/domain/results/way-back.ts'
import { readEntries } from '../../src/intake/formats/read.ts'
import type { ReturnedResult } from '../../src/results/returned/returned-shape.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { readTruth, SAMPLES, type TruthRow } from '../clean/sample-truth.ts'
import { type Posted, postResults, type WholeRegistry, workThrough } from '../results/posting.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'

const truth = readTruth()
const SAID = { version: '2025-Q4', as_of: '2025-12-31', status: 'active' }

/** How each dataset writes the marital status, copied by hand from its documentation: the column, and the codes 1 to 4. */
const MARITAL: Record<string, [string, string, string, string, string]> = {
  carik: ['anggota[].status_kawin', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati'],
  sumedang: ['status_perkawinan', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati'],
  jembrana: ['STATUS_KAWIN', 'BELUM KAWIN', 'KAWIN', 'CERAI HIDUP', 'CERAI MATI'],
  'smart-kampung': ['statusKawin', 'BK', 'K', 'CH', 'CM'],
  'dtks-individu': ['Sta_kawin', '1', '2', '3', '4'],
  'p3ke-individu': ['status_kawin', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati'],
}

let registry: WholeRegistry
let gateway: TestGateway
let posted: Posted
const returned = new Map<string, ReturnedResult[]>()
/** Who a key of a platform really is: several where a register uses a key twice. */
const whoIs = new Map<string, Set<string>>()

const nameOf = (platform: string, dataset: string, level: string, key: string) =>
  `${platform}|${dataset}|${level}|${key}`

/** What BPS says of a true person or family: the decile carries who is meant, so that a wrong home is seen. */
function lineOf(id: string, by: object, corrections: object[]): object {
  return { ...by, ...SAID, deciles: [{ level: 'national', value: 1, version: id, period: '2025-Q4' }], corrections }
}

/** True answers as corrections: those that a record states otherwise come back. */
function statedAs(answers: Record<string, string | number | undefined>): object[] {
  return Object.entries(answers).flatMap(([field, value]) =>
    value === undefined ? [] : { field, value: String(value), reason: 'field-check' },
  )
}

function otherMarital(person: Record<string, string | number | undefined>): string {
  return String((Number(person.r408) % 4) + 1)
}

async function readAll(call: Awaited<ReturnType<TestGateway['caller']>>): Promise<ReturnedResult[]> {
  const results: ReturnedResult[] = []
  for (let path = '/v1/results?after=0&limit=2000'; ; ) {
    const answer = await call(path)
    for (const line of (await answer.text()).split('\n')) if (line !== '') results.push(JSON.parse(line))
    const next = /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1] ?? path
    if (next === path) return results
    path = next
  }
}

/** Notes who stands under which key, a derived one too, by cleaning the file once more. */
async function noteKeys(platform: string, dataset: string, file: string, byLine: ReadonlyMap<number, TruthRow[]>) {
  const { clean, format } = registry.datasets.get(dataset) ?? {}
  const sender = registry.platforms.get(platform)
  if (clean === undefined || format === undefined || sender === undefined) throw new Error(`no ${platform}/${dataset}`)
  for await (const raw of readEntries(createReadStream(new URL(file, SAMPLES)), format, { recordBytes: 1_000_000 })) {
    for (const { level, key, path } of clean(raw, sender).records) {
      const member = /\d+$/.exec(path)?.[0]
      const row = byLine
        .get(raw.line)
        ?.find((one) => (one.member === undefined ? undefined : `${one.member}`) === member)
      const family = row?.family_id ?? (truth.persons.get(row?.person_id ?? '')?.family_id as string | undefined)
      const id = level === 'keluarga' ? family : row?.person_id
      const known = whoIs.get(nameOf(platform, dataset, level, key)) ?? new Set()
      if (id !== undefined) whoIs.set(nameOf(platform, dataset, level, key), known.add(id))
    }
  }
}

beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
  const callers = new Map<string, Awaited<ReturnType<TestGateway['caller']>>>()
  for (const [file, byLine] of truth.files) {
    const [platform = '', name = ''] = file.split('/')
    const dataset = name.replace(/\.\w+$/, '').replaceAll('_', '-')
    const call = callers.get(platform) ?? (await gateway.caller(platform, ['batches:write', 'results:read']))
    callers.set(platform, call)
    const type = name.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson'
    const sent = await push(call, name, await readFile(new URL(file, SAMPLES)), { dataset, 'content-type': type })
    expect([file, sent.status]).toEqual([file, 202])
    await workThrough(gateway, registry)
    await noteKeys(platform, dataset, file, byLine)
  }
  const lines: object[] = []
  for (const [id, person] of truth.persons) {
    const corrections = [
      { field: 'status_kawin', value: otherMarital(person), reason: 'civil-registry' },
      ...statedAs({ ijazah_tertinggi_yang_dimiliki: person.r415, status_hubungan_keluarga: person.r409 }),
    ]
    if (person.nik !== undefined) lines.push(lineOf(id, { nik: person.nik }, corrections))
  }
  for (const [id, family] of truth.families) {
    if (family.no_kk !== undefined)
      lines.push(
        lineOf(
          id,
          { no_kk: family.no_kk },
          statedAs({ jenis_lantai_terluas: family.r303, sumber_air_minum_utama: family.r306a, kd_pkh: '1' }),
        ),
      )
  }
  const bps = await gateway.caller(null, ['results:write'])
  posted = await postResults(gateway, registry, bps, lines, { key: 'all' })
  for (const [platform, call] of callers) returned.set(platform, await readAll(call))
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

describe('results over the sample', () => {
  it('take effect, or say why they cannot', () => {
    const { counts, gap } = posted.batch
    expect(gap).toBe(0)
    const why = new Map<string, number>()
    for (const [, code] of posted.findings) why.set(code, (why.get(code) ?? 0) + 1)
    expect(
      [...why.keys()].filter(
        (code) => !['result-subject-unknown', 'result-subject-ambiguous', 'result-older'].includes(code),
      ),
    ).toEqual([])
    expect((counts.new ?? 0) + (counts.updated ?? 0)).toBeGreaterThan(0.9 * (counts.received ?? 0))
  })

  it('arrive at the right key of every platform: none at a wrong one', () => {
    const wrong: string[] = []
    let right = 0
    for (const [platform, results] of returned) {
      for (const { dataset, level, key, deciles } of results) {
        const real = whoIs.get(nameOf(platform, dataset, level, key))
        if (real?.has(deciles[0]?.version ?? '') === true) right += 1
        else wrong.push(nameOf(platform, dataset, level, key))
      }
    }
    expect(wrong).toEqual([])
    expect(right).toBeGreaterThan(8900)
  })

  it('arrive at every source record of their subject, of every platform', async () => {
    const steward = await gateway.caller(null, ['steward'])
    const links = (await (await steward('/v1/links')).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const arrived = new Set<string>()
    const spoken = new Set<string>()
    for (const [platform, results] of returned)
      for (const { dataset, level, key, subject } of results) {
        arrived.add(nameOf(platform, dataset, level, key))
        spoken.add(subject)
      }
    const owed = links.filter(({ person_id: person }) => spoken.has(person))
    expect(owed.length).toBeGreaterThan(4000)
    expect(
      owed.filter(({ platform, dataset, source_key: key }) => !arrived.has(nameOf(platform, dataset, 'individu', key))),
    ).toEqual([])
    expect(owed.length / links.length).toBeGreaterThan(0.9)
  })

  it('correct in the platform’s own column and code', () => {
    const wrong: string[] = []
    let right = 0
    for (const [platform, results] of returned) {
      for (const { dataset, level, key, deciles, corrections } of results) {
        if (level !== 'individu') continue
        const person = truth.persons.get(deciles[0]?.version ?? '')
        for (const { field, own } of corrections) {
          if (field !== 'status_kawin') continue
          const [column, ...codes] = MARITAL[dataset] ?? ['']
          const value = codes[Number(otherMarital(person ?? {})) - 1]
          const isRight = own?.length === 1 && own[0]?.column === column && own[0]?.value === value
          if (isRight) right += 1
          else wrong.push(nameOf(platform, dataset, level, key))
        }
      }
    }
    expect(wrong).toEqual([])
    expect(right).toBeGreaterThan(4000)
  })

  it('say of every correction without a way back why there is none, and most have one', () => {
    let turned = 0
    const none = new Map<string, number>()
    for (const { field, own, no_way_back: why = '', no_way_back_text: text } of [...returned.values()]
      .flat()
      .flatMap(({ corrections }) => corrections)) {
      if (own !== null) turned += 1
      else none.set(`${field}: ${why}`, (none.get(`${field}: ${why}`) ?? 0) + 1)
      if (own === null) expect([why, text]).toEqual([why, NO_WAY_BACK[why as keyof typeof NO_WAY_BACK].id])
    }
    const unturned = [...none.values()].reduce((sum, count) => sum + count, 0)
    expect(turned).toBeGreaterThan(unturned)
    expect([...none.keys()].every((reason) => /: (shared-list|coarser|no-column|no-source-code)$/.test(reason))).toBe(
      true,
    )
  })
})
