import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { freePort } from '../../src/io/local/port.ts'
import { type Run, runTitian } from '../support/titian.ts'

const LONG = 180_000
const PAGE = await readFile('src/registry/ADDING.md', 'utf8')
const FLOORS = ['Keramik', 'Tegel Kunci', 'Semen', 'Keramik', 'Tegel Kunci', 'Tanah']
const ROWS = 120

/** The commands of the page, in its order; what is walked here must stand there. */
const COMMANDS = [...PAGE.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line.startsWith('titian '))
let next = 0

let folder: string
let up: Run | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-fifth-'))
  await writeFile(join(folder, 'kecamatan.json'), JSON.stringify(DISTRICTS))
  await writeFile(
    join(folder, 'desa.json'),
    DISTRICTS.flatMap(villagesOf)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  )
  await writeFile(join(folder, 'sleman.csv'), Buffer.from(sample(), 'latin1'))
})
afterAll(async () => {
  up?.child.kill('SIGTERM')
  await up?.ended
  await rm(folder, { recursive: true })
})

const row = (kode_bps: string, kode_dagri: string, nama: string) => ({
  kode_bps,
  nama_bps: nama.toUpperCase(),
  kode_dagri,
  nama_dagri: nama,
})
const DISTRICTS = [row('3404010', '34.04.04', 'Moyudan'), row('3404020', '34.04.05', 'Minggir')]
const villagesOf = ({ kode_bps, kode_dagri, nama_dagri }: (typeof DISTRICTS)[number]) =>
  ['Satu', 'Dua', 'Tiga'].map((name, at) =>
    row(`${kode_bps}00${at + 1}`, `${kode_dagri}.200${at + 1}`, `${nama_dagri} ${name}`),
  )

/** Made-up people in families of three, in a layout that nobody knew: bars, Windows-1252, day and month name, labels of its own. */
function sample(): string {
  const villages = DISTRICTS.flatMap((district) => villagesOf(district).map((village) => ({ village, district })))
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const family = Math.floor(at / 3)
    const { village, district } = villages[family % villages.length] as (typeof villages)[number]
    const [relation, sex, born, married] = [
      ['Kepala Keluarga', 'Laki-laki', '12 Maret 1980', 'Kawin'],
      ['Istri', 'Perempuan', '3 Mei 1982', 'Kawin'],
      ['Anak', 'Perempuan', '17 Agustus 2010', 'Belum Kawin'],
    ][at % 3] as string[]
    const day = ['120380', '430582', '570810'][at % 3]
    const serial = String(family + 1).padStart(4, '0')
    return [
      `SLM-${String(at + 1).padStart(5, '0')}`,
      `340404${day}${serial}`,
      `340404010115${serial}`,
      `Contoh ${['Ayah', 'Ibu', 'Anak'][at % 3]} ${letters(family)}`,
      sex,
      born,
      relation,
      married,
      village.kode_dagri.replaceAll('.', ''),
      village.nama_dagri,
      district.nama_dagri,
      `Dusun Contoh ${family}`,
      FLOORS[family % FLOORS.length],
      `${36 + family},5`,
      '10 Januari 2026',
    ].join('|')
  })
  const header =
    'NO_REG|NIK|NO_KK|NAMA_LENGKAP|JENIS_KELAMIN|TGL_LAHIR|HUBUNGAN_KK|STATUS_NIKAH|KODE_KALURAHAN|KALURAHAN|KAPANEWON|ALAMAT|LANTAI_RUMAH|LUAS_LANTAI_m²|TGL_SURVEI'
  return `${[header, ...lines].join('\r\n')}\r\n`
}

function letters(number: number): string {
  return String.fromCharCode(65 + Math.floor(number / 26), 65 + (number % 26))
}

/** Runs the next command of the page, which must begin so; files and folders are those of this test. */
async function walk(beginning: string, ...more: string[]): Promise<{ out: string; err: string; code: unknown }> {
  const command = COMMANDS[next] ?? ''
  next += 1
  expect(command.startsWith(`titian ${beginning}`), command).toBe(true)
  const args = command.split(' ').slice(1).map(placed)
  const run = runTitian([...args, ...more], { TITIAN_REGISTRY: join(folder, 'registry') })
  if (beginning === 'up') {
    up = run
    return { out: await run.line, err: '', code: 0 }
  }
  const code = await run.ended
  return { out: run.stdout(), err: run.stderr(), code }
}

function placed(word: string): string {
  if (word.startsWith('$TITIAN_REGISTRY/')) return word.replace('$TITIAN_REGISTRY', join(folder, 'registry'))
  return /^[a-z].*(\.(csv|json|ndjson)|-data|-samples)$/.test(word) ? join(folder, word) : word
}

async function edit(path: string, from: RegExp | string, to: string): Promise<void> {
  const file = join(folder, 'registry/datasets/sleman-warga/1', path)
  const text = await readFile(file, 'utf8')
  const edited = text.replace(from, to)
  if (edited === text) throw new Error(`${path} does not hold ${from}`)
  await writeFile(file, edited)
}

describe('a fifth region, by the page alone', () => {
  it(
    'learns its villages',
    async () => {
      await mkdir(join(folder, 'registry'))
      expect((await walk('regions import kecamatan.json')).out).toContain('Nothing is written')
      expect((await walk('regions import kecamatan.json')).out).toContain('added: 2')
      expect((await walk('regions import desa.json')).out).toContain('added: 6')
    },
    LONG,
  )

  it(
    'gets a draft, answers its questions, and holds its tests',
    async () => {
      const { code, err } = await walk('dataset new sleman-warga')
      expect([code, err]).toEqual([0, expect.stringContaining('questions are open')])
      const readme = await readFile(join(folder, 'registry/datasets/sleman-warga/1/README.md'), 'utf8')
      expect(readme).toContain('in which scheme is KODE_KALURAHAN?')
      await edit('mapping.yaml', /^# (region:| {2}code:| {2}scheme:| {2}names:)/gm, '$1')
      await edit('codes/lantai-rumah.yaml', /Tegel Kunci: .*/, 'Tegel Kunci: "4"')
      expect(PAGE).toContain('scheme: kemendagri\n    names: { kelurahan_desa: KALURAHAN, kecamatan: KAPANEWON }')
      expect(await readFile(join(folder, 'registry/datasets/sleman-warga/1/mapping.yaml'), 'utf8')).toContain(
        'names: { kelurahan_desa: KALURAHAN, kecamatan: KAPANEWON }',
      )
      const tested = await walk('dataset test sleman-warga')
      // The made-up record lives in Jakarta; with a region, its example says more than before.
      expect(tested.out).toContain('out/1/fields/kode_kelurahan_desa')
      expect((await walk('dataset test sleman-warga --accept')).code).toBe(0)
      expect((await walk('check --dataset sleman-warga')).out).toContain(`sleman-warga 1, ${ROWS} diterima, 0 ditahan`)
    },
    LONG,
  )

  it(
    'names who pushes',
    async () => {
      const [, platform = ''] = /```yaml\n(# platforms\/sleman\.yaml\n[\s\S]*?)```/.exec(PAGE) ?? []
      await mkdir(join(folder, 'registry/platforms'))
      await writeFile(join(folder, 'registry/platforms/sleman.yaml'), platform)
      const { out } = await walk('check --platform sleman', '--json')
      const [first] = out.split('\n')
      expect(JSON.parse(first ?? '')).toMatchObject({
        key: 'SLM-00001',
        outcome: 'accepted',
        records: [
          {
            level: 'individu',
            fields: {
              nama: 'CONTOH AYAH AA',
              tanggal_lahir: '1980-03-12',
              jenis_kelamin: '1',
              status_hubungan_keluarga: '1',
            },
          },
          {
            level: 'keluarga',
            fields: {
              kode_kelurahan_desa: '3404010001',
              kabupaten_kota: 'Kabupaten Sleman',
              jenis_lantai_terluas: '2',
              luas_lantai: 36,
            },
          },
        ],
      })
    },
    LONG,
  )

  it(
    'sends its file the whole way',
    async () => {
      await edit('mapping.yaml', /^draft: true\n/m, '')
      expect((await walk('dataset test sleman-warga')).code).toBe(0)
      await walk('up', '--json', '--port', String(await freePort()), '--workers', '1')
      const pushed = await walk('push --platform sleman', '--json')
      const batch = JSON.parse(pushed.out) as BatchView
      expect(batch).toMatchObject({ state: 'settled', dataset: 'sleman-warga', gap: 0 })
      expect(batch.counts).toMatchObject({ received: ROWS, new: ROWS, rejected: 0, held: 0, pending: 0 })
      expect((await walk('status', '--json')).code).toBe(0)
    },
    LONG,
  )

  it(
    'links its people by a model of their own',
    async () => {
      await mkdir(join(folder, 'sleman-samples/sleman'), { recursive: true })
      await copyFile(join(folder, 'sleman.csv'), join(folder, 'sleman-samples/sleman/sleman-warga.csv'))
      expect(PAGE).toContain('`sleman-samples/sleman/sleman-warga.csv`')
      const trained = await walk('link train')
      expect([trained.err, trained.code]).toEqual(['', 0])
      expect(trained.out).toContain(`registry/linkage/model.json: model ${ROWS}-`)
      up?.child.kill('SIGTERM')
      await up?.ended
      await walk('up', '--json', '--port', String(await freePort()), '--workers', '1')
      expect((await walk('link relink')).out).toContain(`${ROWS} records are judged again`)
      const truth = Array.from({ length: ROWS }, (_, at) => ({
        platform: 'sleman',
        dataset: 'sleman-warga',
        source_key: `SLM-${String(at + 1).padStart(5, '0')}`,
        person_id: String(at),
      }))
      await writeFile(join(folder, 'truth.ndjson'), truth.map((row) => JSON.stringify(row)).join('\n'))
      const scored = JSON.parse((await walk('link score', '--json')).out)
      expect(scored).toMatchObject({ records: ROWS, known: ROWS, whole: { all: { precision: 1, recall: 1 } } })
      expect(next).toBe(COMMANDS.length)
    },
    LONG,
  )
})
