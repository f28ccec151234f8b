import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { browse } from '../console/browse.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, type WholeRegistry, workThrough } from '../results/posting.ts'
import { titian } from '../support/command.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Page = { records: { key: string | null; [name: string]: unknown }[]; next: string | null }

let registry: WholeRegistry
let gateway: TestGateway
let jembrana: Call
let bps: Call

const Q3 = { version: '2026-Q3', as_of: '2026-08-31' }
/** Made-up people, one in each state that BPS may tell. */
const PEOPLE = [
  { key: 'A', nik: '5101010103760001', kk: '5101050101130001', name: 'NI WAYAN SATU', born: '01-03-76' },
  { key: 'B', nik: '5101010203760002', kk: '5101050101130002', name: 'I MADE DUA', born: '02-03-76' },
  { key: 'C', nik: '5101010303760003', kk: '5101050101130003', name: 'I NYOMAN TIGA', born: '03-03-76' },
  { key: 'D', nik: '5101010403760004', kk: '5101050101130004', name: 'I KETUT EMPAT', born: '04-03-76' },
  { key: 'E', nik: '5101010503760005', kk: '5101050101130005', name: 'I GEDE LIMA', born: '05-03-76' },
  { key: 'F', nik: '5101010603760006', kk: '5101050101130006', name: 'I PUTU ENAM', born: '06-03-76' },
  { key: 'G', nik: '5101010703760007', kk: '5101050101130007', name: 'I KOMANG TUJUH', born: '07-03-76' },
  // The same person as G under another key.
  { key: 'G2', nik: '5101010703760007', kk: '5101050101130007', name: 'I KOMANG TUJUH', born: '07-03-76' },
]

beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
  bps = await gateway.caller(null, ['results:write'])
  jembrana = await gateway.caller('jembrana', ['batches:write', 'batches:read', 'results:read'])
  const rows = PEOPLE.map(({ key, ...who }) => jembranaRow(key, who))
  const body = `${[JEMBRANA_HEAD, ...rows].join('\n')}\n`
  expect((await push(jembrana, 'k', body, { dataset: 'jembrana', 'content-type': 'text/csv' })).status).toBe(202)
  await workThrough(gateway, registry)
  const nik = (at: number) => ({ nik: PEOPLE[at]?.nik, ...Q3 })
  await postResults(
    gateway,
    registry,
    bps,
    [
      { ...nik(0), status: 'active' },
      { ...nik(1), status: 'not-found', reason: 'not-in-registry' },
      { ...nik(2), status: 'dead', reason: 'death-registered' },
      { ...nik(3), status: 'moved', reason: 'moved-within-country', region: '5171010001' },
      { ...nik(4), status: 'moved', reason: 'moved-within-country', region: '5101021006' },
      { ...nik(5), status: 'active', as_of: '2026-03-31', version: '2026-Q1' },
      { nik: '5101014103760099', ...Q3, status: 'active', region: '5101021006' },
      { nik: '5101014103760098', ...Q3, status: 'moved', reason: 'moved-within-country', region: '5101021006' },
      { nik: '5101014103760097', ...Q3, status: 'active', region: '3171010001' },
    ],
    { key: 'r' },
  )
}, 300_000)
afterAll(() => gateway[Symbol.asyncDispose]())

async function list(name: string, query = ''): Promise<Page> {
  const answer = await jembrana(`/v1/reconciliation/${name}?quarter=2026-Q3${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Page
}

const keys = ({ records }: Page) => records.map(({ key }) => key).sort()

describe('the reconciliation of a region and quarter', () => {
  it('puts every record that was sent on one list, and the sums close', async () => {
    const totals = await (await jembrana('/v1/reconciliation?quarter=2026-Q3')).json()
    expect(totals).toEqual({
      platform: 'jembrana',
      quarter: '2026-Q3',
      level: 'individu',
      sent: 8,
      lists: {
        found: 1,
        'not-found': 1,
        dead: 1,
        'moved-out': 1,
        'moved-within': 1,
        excluded: 0,
        unanswered: 3,
      },
      moved_in: 1,
      never_sent: 1,
      duplicates: 1,
      deliveries: { composed: expect.any(Number), acknowledged: 0, signed: 0 },
    })
  })

  it('is shown on the command line, which ends with 0 when the sums close', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-reconcile-'))
    const secret = join(folder, 'secret')
    await writeFile(secret, jembrana.secret)
    const at = ['--url', gateway.url, '--client', jembrana.id, '--secret-file', secret]
    const asked = ['reconcile', '--platform', 'jembrana', '--quarter', '2026-Q3', ...at]
    const said = await titian([...asked, '--json'])
    expect([said.err, said.code]).toEqual([[], 0])
    expect(JSON.parse(said.out.join(''))).toMatchObject({
      platform: 'jembrana',
      quarter: '2026-Q3',
      closes: true,
      levels: [{ level: 'individu', sent: 8, lists: { dead: 1, unanswered: 3 } }, { level: 'keluarga' }],
    })
    const shown = (await titian(asked)).out.join('\n')
    expect(shown).toMatch(/^jembrana, 2026-Q3\n/)
    expect(shown).toMatch(/ {2}dead +1 +0\n[\s\S]*The sums close\.$/)
    expect((await titian(['reconcile', '--platform', 'sumedang', ...at])).code).toBe(1)
    expect((await titian([...asked, '--quarter', 'Q3'])).code).toBe(1)
    await rm(folder, { recursive: true })
  })

  it.each([
    ['found', ['A']],
    ['not-found', ['B']],
    ['dead', ['C']],
    ['moved-out', ['D']],
    ['moved-within', ['E']],
    ['unanswered', ['F', 'G', 'G2']],
    ['excluded', []],
  ])('names on the list %s the own keys', async (name, expected) => {
    expect(keys(await list(name))).toEqual(expected)
  })

  it('gives a reason that people understand', async () => {
    const { records } = await list('dead')
    expect(records).toMatchObject([
      { dataset: 'jembrana', status: 'dead', reason: 'death-registered', as_of: '2026-08-31' },
    ])
    expect(records[0]?.reason_text).toMatch(/kematian/i)
  })

  it('names two own records of one person', async () => {
    const { records } = await list('duplicates')
    expect(records).toHaveLength(1)
    expect([records[0]?.key, records[0]?.same_as].flat().sort()).toEqual(['G', 'G2'])
  })

  it('tells of those never sent only where BPS lists them', async () => {
    expect((await list('never-sent')).records).toMatchObject([{ key: null, status: 'active', region: '5101021006' }])
    expect((await list('moved-in')).records).toMatchObject([{ key: null, status: 'moved', region: '5101021006' }])
  })

  it('pages without losing or doubling anybody', async () => {
    const seen: (string | null)[] = []
    let after: string | null = ''
    while (after !== null) {
      const page: Page = await list('unanswered', `&limit=1${after === '' ? '' : `&after=${after}`}`)
      seen.push(...page.records.map(({ key }) => key))
      after = page.next
    }
    expect(seen.sort()).toEqual(['F', 'G', 'G2'])
  })

  it('comes as CSV for an office', async () => {
    const answer = await jembrana('/v1/reconciliation/dead?quarter=2026-Q3', { headers: { accept: 'text/csv' } })
    const [head, row] = (await answer.text()).split('\r\n')
    expect(head).toBe('dataset,key,same_as,status,reason,reason_text,region,version,as_of')
    expect(row).toMatch(/^jembrana,C,,dead,death-registered,/)
  })

  it('is a page for the steward, and no other list than those', async () => {
    const steward = await browse(gateway)
    const at = (query: string) => steward(`/console/reconciliation?platform=jembrana&quarter=2026-Q3${query}`)
    const page = await (await at('&list=dead&lang=en')).text()
    expect(page).toMatch(/<th scope="row">C<\/th>/)
    expect(page).toMatch(/Records sent<\/th><th scope="col" class="number">8<\/th>/)
    expect((await at('&list=elsewhere')).status).toBe(404)
    expect((await at('&list=dead&after=5101021006.r00000000001')).status).toBe(404)
    expect((await jembrana('/console/reconciliation')).status).toBe(401)
  })

  it('counts another quarter by what was said in it', async () => {
    const { lists } = (await (await jembrana('/v1/reconciliation?quarter=2026-Q1')).json()) as {
      lists: Record<string, number>
    }
    expect(lists).toMatchObject({ found: 1, unanswered: 7 })
  })

  it.each([
    ['a quarter to come', '?quarter=2099-Q1', 400],
    ['no quarter', '?quarter=2026-Q5', 400],
    ['another platform', '?quarter=2026-Q3&platform=sumedang', 404],
    ['a cursor of another list', '/dead?quarter=2026-Q3&after=5101021006.r00000000001', 400],
  ])('refuses %s', async (_, query, status) => {
    const answer = await jembrana(`/v1/reconciliation${query}`)
    expect(answer.status).toBe(status)
    await problemOf(answer)
  })
})
