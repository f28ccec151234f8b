import type { FormLine } from '../forms/columns.ts'

/** A line that is read newest first, and the kinds that end a subject. */
type PastLine = FormLine & { into?: string }
const ENDED = ['merged', 'withdrawn']

/**
 * Of lines that are read from the newest delivery to the oldest, those that stand: the last of each subject, unless it lives on as
 * another or was withdrawn. One of `parts` parts of all subjects, so that the ids seen so far have room.
 */
export function latestLines<Line extends PastLine>(part: number, parts: number): (line: Line) => boolean {
  const seen = new Set<string>()
  const isOurs = (id: string) => partOf(id, parts) === part
  return (line) => {
    for (const id of line.merged ?? []) if (isOurs(id)) seen.add(kept(id))
    if (!isOurs(line.subject) || seen.has(line.subject)) return false
    seen.add(kept(line.subject))
    return !ENDED.includes(line.kind ?? '')
  }
}

/** The BPS code of the smallest known place of a line; '' where it says none. */
export function placeOfLine({ region, record = {} }: Pick<FormLine, 'region' | 'record'>): string {
  if (region !== undefined) return region.bps
  const codes = ['kode_kelurahan_desa', 'kode_kecamatan', 'kode_kabupaten_kota', 'kode_provinsi']
  return String(codes.map((code) => record[code]).find((code) => code !== undefined) ?? '')
}

/** A text of its own: a part of a long one would keep all of that in memory. */
function kept(id: string): string {
  return Buffer.from(id, 'latin1').toString('latin1')
}

function partOf(id: string, parts: number): number {
  let sum = 0
  for (let at = id.length - 8; at < id.length; at++) sum = (sum * 31 + id.charCodeAt(at)) >>> 0
  return sum % parts
}
