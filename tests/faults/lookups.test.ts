import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Static } from 'typebox'
import { expect, it } from 'vitest'
import type { FindingPage } from '../../src/reports/shapes.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { insist } from './insist.ts'

const FAMILIES = 60
const MEMBERS = 120

it.each(['lookups:before-commit:2', 'lookups:after-commit:1', 'clean:before-commit:1'])(
  'a worker that dies while rows of another file are kept leaves every member with its family: %s',
  async (point) => {
    const registry = await registryOf('carik-jakarta')
    await using system = await startSystem({ settings: { TITIAN_REGISTRY: registry.folder } })
    await Promise.all([system.start('serve'), system.start('receiver')])
    const gateway = system.as('carik-jakarta')
    const { id } = await insist(system, '/v1/submissions', { 'idempotency-key': 'lookups' })
    for (const [file, body] of Object.entries({ anggota: members(), keluarga: families() })) {
      const headers = { 'idempotency-key': file, 'content-type': 'text/csv' }
      await insist(system, `/v1/submissions/${id}/files/${file}?dataset=desa-${file}`, headers, body)
    }
    const headers = { 'content-type': 'application/json' }
    const files = JSON.stringify({ files: ['anggota', 'keluarga'] })
    const view = await insist(system, `/v1/submissions/${id}/commit`, headers, files)
    const doomed = await system.start('work', { CRASH_AT: point })
    await doomed.ended
    await system.start('work')
    const [anggota = '', keluarga = ''] = view.files.map(({ batch }) => batch)
    await Promise.all([gateway.settled(anggota), gateway.settled(keluarga)])
    const found = await gateway.get<Static<typeof FindingPage>>(`/v1/batches/${anggota}/findings?limit=1000`)
    expect(found.findings.filter(({ code }) => code.startsWith('lookup-')).map(({ line }) => line)).toEqual([
      MEMBERS + 2,
    ])
    const sent = new Map([
      [anggota, MEMBERS + 1],
      [keluarga, FAMILIES],
    ])
    expect(await judge(system, sent)).toMatchObject(FLAWLESS)
    await gateway.close()
    await registry.remove()
  },
  600_000,
)

/** The layouts of the tests, which a known platform may push. */
async function registryOf(platform: string) {
  const folder = await mkdtemp(join(tmpdir(), 'titian-registry-'))
  await cp('tests/cases/layouts/registry', folder, { recursive: true })
  const text = await readFile(join(folder, 'platforms', 'uji.yaml'), 'utf8')
  const own = await readFile(join('src/registry/platforms', `${platform}.yaml`), 'utf8')
  const pushed = /^datasets: \[(.*)\]$/m.exec(own)?.[1]
  await writeFile(
    join(folder, 'platforms', `${platform}.yaml`),
    text.replace('datasets: [', `datasets: [${pushed}, `).replace('scope: ["3211"]', 'scope: ["31", "3211"]'),
  )
  return { folder, remove: () => rm(folder, { recursive: true }) }
}

function families(): string {
  const head = 'ID;NO KK;KODE DESA;TGL DATA;Luas (m2);Lantai;Listrik?;PKH'
  const rows = Array.from({ length: FAMILIES }, (_, at) => {
    return `K-${at};32111520011501${two(at)};32.11.15.2004;01/06/2025;36,5;Keramik;PLN;Ya`
  })
  return `${[head, ...rows].join('\n')}\n`
}

/** Two to a family, and one whose family is not in the other file. */
function members(): string {
  const head = 'ID KELUARGA;NO;NAMA LENGKAP;NIK;L/P;TGL LAHIR;USIA;Hub;Hamil?;Penghasilan'
  const rows = Array.from({ length: MEMBERS + 1 }, (_, at) => {
    const [day, month] = [(at % 28) + 1, (at % 12) + 1]
    const name = `${word(at)} ${word(at * 7 + 3)}`
    const nik = `321115${two(day)}${two(month)}70${String(at + 1).padStart(4, '0')}`
    const relation = at < FAMILIES ? 'KK' : 'Anak'
    const family = at === MEMBERS ? 'K-X' : `K-${at % FAMILIES}`
    return `${family};${at < FAMILIES ? 1 : 2};${name};${nik};L;${two(day)}/${two(month)}/1970;55;${relation};;`
  })
  return `${[head, ...rows].join('\n')}\n`
}

const two = (number: number) => String(number).padStart(2, '0')
const PARTS = ['SU', 'RA', 'NDI', 'MAN', 'TO', 'WI', 'JA', 'YA', 'LES', 'KU', 'BA', 'DER']
const word = (at: number) => `${PARTS[at % 12]}${PARTS[Math.floor(at / 12) % 12]}${PARTS[(at * 5) % 12]}`
