import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { cellName } from '../../src/io/workbook/cell-name.ts'
import { writeZip, type ZipPart } from '../../src/io/workbook/zip-out.ts'

/** One column of the invented table: a text of each row's own, one of a few texts that repeat, or a number. */
type Column = { name: string } & ({ own: (row: number) => string } | { texts: readonly string[] } | { number: number })

const YES_NO = ['YA', 'TIDAK']
const digits = (row: number, width: number) => String(row).padStart(width, '0')

/** The 32 columns of P3KE persons, in the order of its layout. */
const COLUMNS: readonly Column[] = [
  { name: 'id_keluarga_p3ke', own: (row) => `3175${digits(Math.floor(row / 4), 8)}` },
  { name: 'provinsi', texts: ['DKI JAKARTA'] },
  { name: 'kabupaten_kota', texts: ['JAKARTA TIMUR'] },
  { name: 'kecamatan', texts: ['CIRACAS'] },
  { name: 'desa_kelurahan', texts: ['SUSUKAN'] },
  { name: 'kode_kemdagri', texts: ['3175091004'] },
  { name: 'desil_kesejahteraan', number: 4 },
  { name: 'alamat', own: (row) => `JL. DURI RAYA NO. ${row}` },
  { name: 'id_individu', own: (row) => `3175${digits(row, 10)}` },
  { name: 'nama', own: (row) => `WARGA BUATAN ${digits(row, 7)}` },
  { name: 'nik', own: (row) => `31750918${digits(row % 100_000_000, 8)}` },
  { name: 'padan_dukcapil', texts: YES_NO },
  { name: 'jenis_kelamin', texts: ['Laki-laki', 'Perempuan'] },
  { name: 'hubungan_dengan_kepala_keluarga', texts: ['Kepala Keluarga', 'Istri/Suami', 'Anak', 'Anak'] },
  { name: 'tanggal_lahir', texts: ['18/06/1983 0:00:00', '17/11/1991 0:00:00', '02/01/2012 0:00:00'] },
  { name: 'status_kawin', texts: ['Kawin', 'Kawin', 'Belum Kawin'] },
  { name: 'pekerjaan', texts: ['PNS/TNI/Polri', 'Tidak/Belum Bekerja'] },
  { name: 'pendidikan', texts: ['Tamat SD/sederajat', 'Tamat SMA/sederajat'] },
  ...['dibawah_7_tahun', '7_12', '13_15', '16_18', '19_21', '22_59', '60_tahun_keatas'].map((age) => {
    return { name: `usia_${age}`, texts: YES_NO }
  }),
  ...['bpnt', 'bpum', 'bst', 'pkh', 'sembako'].map((aid) => ({ name: `penerima_${aid}`, texts: YES_NO })),
  { name: 'resiko_stunting', number: 2 },
  { name: 'pensasaran', texts: ['2025'] },
]

const OWN = COLUMNS.filter((column) => 'own' in column).length
/** Texts that repeat, by their place among the shared strings, behind the header. */
const REPEATED = [...new Set(COLUMNS.flatMap((column) => ('texts' in column ? column.texts : [])))]
const FIRST_OWN = COLUMNS.length + REPEATED.length

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships'
const PIECE_LENGTH = 64 * 1024

/**
 * Writes a workbook of so many invented persons as office programs do: texts as shared strings, five of each row's own, which is the
 * worst for whoever reads it. Gives the number of its cells.
 */
export async function writeWorkbook(file: string, rows: number): Promise<{ cells: number }> {
  await pipeline(Readable.from(writeZip(parts(rows))), createWriteStream(file))
  return { cells: (rows + 1) * COLUMNS.length }
}

function* parts(rows: number): Generator<ZipPart> {
  yield part('xl/sharedStrings.xml', strings(rows))
  yield part('xl/worksheets/sheet1.xml', sheet(rows))
  yield part('xl/workbook.xml', [
    `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="P3KE" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ])
  yield part('xl/_rels/workbook.xml.rels', [
    `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>`,
    `<Relationship Id="rId2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  ])
  yield part('_rels/.rels', [
    `<Relationships xmlns="${PACKAGE}"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ])
}

function* strings(rows: number): Generator<string> {
  yield `<sst xmlns="${MAIN}">`
  for (const text of [...COLUMNS.map(({ name }) => name), ...REPEATED]) yield `<si><t>${text}</t></si>`
  for (let row = 1; row <= rows; row += 1)
    for (const column of COLUMNS) if ('own' in column) yield `<si><t>${column.own(row)}</t></si>`
  yield '</sst>'
}

function* sheet(rows: number): Generator<string> {
  yield `<worksheet xmlns="${MAIN}"><sheetData><row r="1">`
  for (const at of COLUMNS.keys()) yield shared(at, 1, at)
  yield '</row>'
  for (let row = 1; row <= rows; row += 1) {
    let own = FIRST_OWN + (row - 1) * OWN
    let text = `<row r="${row + 1}">`
    for (const [at, column] of COLUMNS.entries()) {
      if ('number' in column) text += `<c r="${cellName(at, row + 1)}"><v>${row % column.number}</v></c>`
      else if ('own' in column) text += shared(at, row + 1, own++)
      else {
        const word = column.texts[row % column.texts.length] ?? ''
        text += shared(at, row + 1, COLUMNS.length + REPEATED.indexOf(word))
      }
    }
    yield `${text}</row>`
  }
  yield '</sheetData></worksheet>'
}

function shared(column: number, row: number, index: number): string {
  return `<c r="${cellName(column, row)}" t="s"><v>${index}</v></c>`
}

function part(name: string, texts: Iterable<string>): ZipPart {
  return { name, content: pieces(texts) }
}

function* pieces(texts: Iterable<string>): Generator<Buffer> {
  let gathered = ''
  for (const text of texts) {
    gathered += text
    if (gathered.length < PIECE_LENGTH) continue
    yield Buffer.from(gathered)
    gathered = ''
  }
  if (gathered !== '') yield Buffer.from(gathered)
}
