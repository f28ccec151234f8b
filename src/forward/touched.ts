/** What a delivery touches: for filters, and for the order in which several pullers may have deliveries. */
export type Touched = {
  /** BPS codes of provinces (2 digits), regencies (4) and districts (7), sorted; null when a person cannot be placed. */
  regions: string[] | null
  /** Sorted 32-bit hashes, big-endian, of every subject that a line is about or names. */
  subjects: Buffer
}

/** What is read of a line, whatever its kind. */
export type TouchingLine = {
  subject: string
  level: 'keluarga' | 'individu'
  family?: string
  into?: string
  merged?: readonly string[]
  region?: { bps: string }
  record?: Readonly<Record<string, string | number>>
}

const FIELDS = ['kode_provinsi', 'kode_kabupaten_kota', 'kode_kecamatan'] as const
const DIGITS = [2, 4, 7]

/** Gathers what the lines of one delivery touch. */
export function touchedBy(lines: readonly TouchingLine[]): Touched {
  return { regions: regionsOf(lines), subjects: subjectsOf(lines) }
}

/** Hashes of a stored set; undefined for a delivery of which it is not known. */
export function hashesIn(subjects: Buffer | null): Uint32Array | undefined {
  if (subjects === null) return undefined
  return Uint32Array.from({ length: subjects.length / 4 }, (_, at) => subjects.readUInt32BE(at * 4))
}

function regionsOf(lines: readonly TouchingLine[]): string[] | null {
  const found = new Set<string>()
  const families = new Set<string>()
  let isWhole = true
  for (const line of lines) {
    const codes = codesOf(line)
    for (const code of codes) found.add(code)
    if (line.level === 'keluarga' && codes.length > 0) families.add(line.subject)
  }
  for (const line of lines) {
    const isPlaced = codesOf(line).length > 0 || (line.family !== undefined && families.has(line.family))
    if (!isPlaced) isWhole = false
  }
  return isWhole ? [...found].sort() : null
}

function codesOf({ region, record = {} }: TouchingLine): string[] {
  if (region !== undefined)
    return DIGITS.filter((digits) => digits <= region.bps.length).map((digits) => region.bps.slice(0, digits))
  return FIELDS.flatMap((field) => (record[field] === undefined ? [] : String(record[field])))
}

function subjectsOf(lines: readonly TouchingLine[]): Buffer {
  const hashes = new Set<number>()
  for (const { subject, family, into, merged = [] } of lines)
    for (const id of [subject, family, into, ...merged]) if (id !== undefined) hashes.add(subjectHash(id))
  const sorted = Uint32Array.from(hashes).sort()
  const bytes = Buffer.alloc(sorted.length * 4)
  for (const [at, hash] of sorted.entries()) bytes.writeUInt32BE(hash, at * 4)
  return bytes
}

/** FNV-1a over the random end of an id, in 32 bits: two subjects of one hash only make a delivery wait for another without need. */
export function subjectHash(id: string): number {
  let hash = 0x811c9dc5
  for (let at = Math.max(0, id.length - 12); at < id.length; at++)
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
