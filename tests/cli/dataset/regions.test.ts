import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-regions-'))
})
afterEach(() => rm(folder, { recursive: true }))

const row = (kode_bps: string, kode_dagri: string, nama: string) => ({
  kode_bps,
  nama_bps: nama,
  kode_dagri,
  nama_dagri: nama,
})
const DISTRICTS = [row('3404010', '34.04.01', 'GAMPING'), row('3404020', '34.04.02', 'GODEAN')]
const VILLAGES = [
  row('3404010001', '34.04.01.2001', 'BALECATUR'),
  row('3404020001', '34.04.02.2001', 'SIDOREJO'),
  row('0', '34.04.02.2002', 'SIDOLUHUR'),
]

async function importRows(rows: object[], level: string, ...args: string[]) {
  const file = join(folder, `${level}.json`)
  await writeFile(file, JSON.stringify(rows))
  return titian(['regions', 'import', file, '--level', level, '--period', '2025_2.2025', ...args], {
    TITIAN_REGISTRY: folder,
  })
}
const list = (name: string) => readFile(join(folder, `regions/${name}.csv`), 'utf8')

describe('titian regions import', () => {
  it('shows what would change and writes nothing', async () => {
    const { out, code } = await importRows(DISTRICTS, 'kecamatan')
    expect(code).toBe(0)
    expect(out[0]).toBe('kecamatan 2025_2.2025: 2 rows, 0 left out')
    expect(out).toEqual(expect.arrayContaining(['  added: 2', '    3404010  GAMPING', '  gone: 0']))
    await expect(list('districts')).rejects.toThrow()
  })

  it('takes the list over beside the earlier period, level by level, and reports what it left out', async () => {
    expect((await importRows(VILLAGES, 'desa', '--apply')).err).toEqual([expect.stringContaining('parent-unknown 2')])
    await importRows(DISTRICTS, 'kecamatan', '--apply', '--exported', '2025-11-01')
    const { out } = await importRows(VILLAGES, 'desa', '--apply', '--json')
    const { rows, problems, changes, written } = JSON.parse(out[0] ?? '')
    expect([rows, problems]).toEqual([2, [{ row: 3, code: 'bps-zero', bps: '0', kemendagri: '34.04.02.2002' }]])
    expect(changes.added.map(({ bps }: { bps: string }) => bps)).toEqual(['3404010001', '3404020001'])
    expect(written).toBe(join(folder, 'regions/villages.csv'))
    const villages = (await list('villages')).split('\n')
    expect(villages[0]).toBe('bps,kemendagri,name,bps_name,other_names,period')
    expect(villages).toContain('3404010001,34.04.01.2001,BALECATUR,,,2025_2.2025')
    expect(villages.filter((line) => line.startsWith('31')).length).toBe(267)
    expect((await list('imports')).split('\n')[1]).toMatch(/^kecamatan,2025_2\.2025,2025-11-01,2,[0-9a-f]{64}$/)
  })

  it('makes the engine know the new villages, in both schemes', async () => {
    await importRows(DISTRICTS, 'kecamatan', '--apply')
    await importRows(VILLAGES, 'desa', '--apply')
    const header = (await readFile('tests/samples/sumedang/sumedang.csv', 'latin1')).split('\n')[0] ?? ''
    const cells = header
      .split(';')
      .map((name) => ({ kode_desa: '34.04.01.2001', nama: 'Contoh', no_data: 'A1' })[name.replace('\ufeff', '')] ?? '')
    const file = join(folder, 'sleman.csv')
    await writeFile(file, Buffer.from(`${header}\n${cells.join(';')}\n`, 'latin1'))
    const { out } = await titian(['check', '--dataset', 'sumedang', '--json', file], { TITIAN_REGISTRY: folder })
    const { findings } = JSON.parse(out[0] ?? '')
    const codes = findings.map(({ code }: { code: string }) => code)
    expect(codes).toContain('region-out-of-scope')
    expect(codes).not.toContain('region-unknown')
  })

  it.for([
    ['an unknown level', ['--level', 'dusun', '--period', '2025_2.2025']],
    ['a period of another form', ['--level', 'desa', '--period', '2025']],
  ] as const)('refuses %s', async ([, args]) => {
    const run = titian(['regions', 'import', 'x.json', ...args])
    await expect(run).rejects.toMatchObject({ exitCode: 1 })
  })

  it('refuses a file that is none', async () => {
    const file = join(folder, 'x.json')
    await writeFile(file, 'kode_bps;nama_bps')
    const run = (path: string) => titian(['regions', 'import', path, '--level', 'desa', '--period', '2025_2.2025'])
    expect((await run(file)).err).toEqual([expect.stringContaining('neither a JSON array nor NDJSON')])
    expect((await run(join(folder, 'none.json'))).err).toEqual([expect.stringContaining('cannot be read')])
  })
})
