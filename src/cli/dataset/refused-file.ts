import { createReadStream } from 'node:fs'
import type { SourceFormat } from '../../domain/dataset.ts'
import { type ErrorPlace, TitianError } from '../../domain/error.ts'

/** What to do about a file that is no text of the declared form, by the code of the place. */
const FORMS: Readonly<Record<string, { id: string; en: string }>> = {
  'utf-16': {
    id: 'Berkas ini UTF-16. Simpan ulang sebagai "CSV UTF-8".',
    en: 'The file is UTF-16. Save it as "CSV UTF-8".',
  },
  workbook: {
    id: 'Berkas ini buku kerja (Excel) atau ZIP, bukan teks. Simpan lembarnya sebagai "CSV UTF-8".',
    en: 'The file is a workbook (Excel) or a ZIP file, no text. Save its sheet as "CSV UTF-8".',
  },
  'cut-off': {
    id: 'Buku kerja terpotong atau rusak. Simpan ulang dari lembar kerja, atau salin lagi berkasnya.',
    en: 'The workbook is cut off or damaged. Save it anew from the spreadsheet, or copy the file again.',
  },
  gzip: { id: 'Berkas ini gzip. Beri akhiran .gz.', en: 'The file is gzip. Let its name end in .gz.' },
  zstd: { id: 'Berkas ini zstd. Beri akhiran .zst.', en: 'The file is zstd. Let its name end in .zst.' },
  'no-json-lines': {
    id: 'Tidak ada baris berisi objek JSON; dataset ini NDJSON. Apakah berkas ini CSV?',
    en: 'No line holds a JSON object, and the dataset is NDJSON. Is this file a CSV?',
  },
  'json-commas': {
    id: 'Di antara objek ada koma. Kirim larik [ … ], atau satu objek per baris tanpa koma.',
    en: 'There are commas between the objects. Send an array [ … ], or one object a line without a comma.',
  },
}
const OTHER = {
  id: 'Berkas ini tidak berbentuk seperti yang dinyatakan dataset. Simpan ulang dalam bentuk itu.',
  en: 'The file has not the form that the dataset declares. Save it in that form.',
}
const HEAD_BYTES = 64 * 1024
const SHOWN = 12
const LONGEST_NAME = 60
const DELIMITERS = [',', ';', '\t', '|', ':']

type Csv = Extract<SourceFormat, { kind: 'csv' }>

/**
 * The refusal of a whole file as sentences for whoever has it at hand: columns by name and counted from 1, and the delimiter that
 * the file seems to have where it is another one. The names of a header stay on this machine.
 */
export async function explainRefusal(file: string, error: TitianError, format: SourceFormat): Promise<TitianError> {
  const { code, places, message } = error
  if (code !== 'csv-header' || format.kind !== 'csv') {
    const known = FORMS[places[0]?.code ?? '']
    const { id, en } = known ?? OTHER
    return told(error, [`${file}:1 ${known === undefined ? `${message}. ` : ''}${en}`, `${file}:1 ${id}`])
  }
  const header = await headerOf(file)
  const other = otherDelimiter(header, format)
  if (other !== undefined) {
    const [is, wanted] = [nameOf(other), nameOf(format.delimiter)]
    return told(error, [
      `${file}:1 The columns are separated by ${is}, and the dataset declares ${wanted}. Save the file with ${wanted}, or write delimiter: "${other === '\t' ? '\\t' : other}" in mapping.yaml.`,
      `${file}:1 Kolom dipisahkan ${is}, sedangkan dataset menyatakan ${wanted}. Simpan berkas dengan ${wanted}, atau ubah "delimiter" dalam mapping.yaml.`,
    ])
  }
  const names = namesIn(header, format)
  const lines = places.slice(0, SHOWN).flatMap((place) => sentencesOf(place, names).map((text) => `${file}:1 ${text}`))
  const more = places.length - SHOWN
  return told(error, [...lines, ...(more > 0 ? [`${file}:1 … ${more} more / lagi`] : [])])
}

function told(error: TitianError, lines: string[]): TitianError {
  return new TitianError(error.code, lines.join('\n'), { places: [...error.places], cause: error })
}

function sentencesOf({ pointer, code }: ErrorPlace, names: readonly string[]): string[] {
  const [, kind = '', step = ''] = pointer.split('/')
  if (kind === 'columns') {
    const column = step.replaceAll('~1', '/').replaceAll('~0', '~')
    return [
      `The column "${column}" is missing in the header. Add it (it may be empty), or take it out of schema.json.`,
      `Kolom "${column}" tidak ada di baris judul. Tambahkan (boleh kosong), atau keluarkan dari schema.json.`,
    ]
  }
  const at = Number(step)
  const which = `${at + 1}${names[at] ? ` "${names[at]}"` : ''}`
  if (code === 'column-twice')
    return [
      `Column ${which} stands twice in the header. Rename or remove one.`,
      `Kolom ke-${which} ada dua kali di baris judul. Ganti nama atau hapus salah satu.`,
    ]
  if (code === 'column-nameless')
    return [
      `Column ${which} has no name in the header. Name it, or empty all its cells.`,
      `Kolom ke-${which} tidak bernama. Beri nama, atau kosongkan semua selnya.`,
    ]
  return [
    `Column ${which} is not known to the dataset. Correct the name, remove the column, or add it to schema.json and mapping.yaml.`,
    `Kolom ke-${which} tidak dikenal dataset. Perbaiki namanya, hapus kolomnya, atau tambahkan ke schema.json dan mapping.yaml.`,
  ]
}

/** The names of a header, '' for what may be a value: most names of a header are known, else its line is data. */
function namesIn(header: string, { delimiter, columns }: Csv): string[] {
  const known = new Set(columns)
  const names = header.split(delimiter).map((name) => name.trim().replace(/^"|"$/g, ''))
  const isHeader = names.filter((name) => known.has(name)).length * 2 > names.length
  return names.map((name) => (isHeader && !/[0-9]{4}/.test(name) && name.length <= LONGEST_NAME ? name : ''))
}

/** The sign that cuts the header into more declared columns than the declared one does. */
function otherDelimiter(header: string, { delimiter, columns }: Csv): string | undefined {
  const known = new Set(columns)
  const found = (sign: string) =>
    header.split(sign).filter((name) => known.has(name.trim().replace(/^"|"$/g, ''))).length
  const best = DELIMITERS.toSorted((a, b) => found(b) - found(a))[0]
  return best !== undefined && best !== delimiter && found(best) > found(delimiter) ? best : undefined
}

function nameOf(sign: string): string {
  return sign === '\t' ? 'tab' : `"${sign}"`
}

async function headerOf(file: string): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of createReadStream(file, { end: HEAD_BYTES }) as AsyncIterable<Buffer>) {
    pieces.push(piece)
    size += piece.length
    if (size >= HEAD_BYTES) break
  }
  const bytes = Buffer.concat(pieces)
  const [first, second] = bytes
  const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  const encoding = !isWide ? 'utf-8' : first === 0xff ? 'utf-16le' : 'utf-16be'
  return new TextDecoder(encoding).decode(bytes).split(/\r?\n|\r/)[0] ?? ''
}
