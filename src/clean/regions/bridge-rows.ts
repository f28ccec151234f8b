import { BRIDGE_LEVELS, type BridgeLevel, dotted } from './bridge-level.ts'
import type { Place } from './places.ts'

/** What is wrong with a row that therefore is left out. */
type RowProblem = 'shape' | 'code-number' | 'bps-zero' | 'side-empty' | 'width' | 'parent-unknown' | 'duplicate'
/** What is odd about a row that is taken nevertheless. */
type RowNote = 'one-to-many' | 'many-to-one' | 'parents-differ'
export type RowReport = { row: number; code: RowProblem | RowNote; bps: string; kemendagri: string }

export type Bridge = { places: Place[]; problems: RowReport[]; notes: RowReport[] }

type Row = { kode_bps: string; nama_bps: string; kode_dagri: string; nama_dagri: string }
/** The codes of the level above, in both schemes, and how they pair. */
export type Parents = ReadonlyMap<string, ReadonlySet<string>>

const KEYS = ['kode_bps', 'nama_bps', 'kode_dagri', 'nama_dagri'] as const

/** Reads rows as BPS's bridging service gives them, a JSON array or NDJSON; throws a SyntaxError on other text. */
export function readBridgeRows(text: string): unknown[] {
  const body = text.replace(/^\ufeff/, '').trim()
  if (body.startsWith('[')) return JSON.parse(body) as unknown[]
  return body.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line)]))
}

/** Checks rows and makes places of the sound ones. Nothing is repaired: what does not fit is reported and left out. */
export function checkRows(rows: readonly unknown[], level: BridgeLevel, period: string, parents: Parents): Bridge {
  const bridge: Bridge = { places: [], problems: [], notes: [] }
  const pairs = new Set<string>()
  const partners = { bps: new Map<string, Set<string>>(), kemendagri: new Map<string, Set<string>>() }
  const numbers = new Map<Place, number>()
  const schemes = kemendagriOf(parents)
  for (const [index, given] of rows.entries()) {
    const problem = rowProblem(given, level, parents, schemes, pairs)
    const row = given as Row
    if (problem !== undefined) {
      bridge.problems.push(reportOf(index, problem, given))
      continue
    }
    const kemendagri = dotted(digitsOf(row.kode_dagri))
    pairs.add(codePair(row))
    const place = placeFromRow(row, kemendagri, period)
    bridge.places.push(place)
    numbers.set(place, index)
    note(partners.bps, row.kode_bps, kemendagri)
    note(partners.kemendagri, kemendagri, row.kode_bps)
    if (!areParentsPaired(row, level, parents)) bridge.notes.push(reportOf(index, 'parents-differ', given))
  }
  for (const place of bridge.places) {
    const at = { row: (numbers.get(place) ?? 0) + 1, bps: place.bps, kemendagri: place.kemendagri }
    if ((partners.kemendagri.get(place.kemendagri)?.size ?? 0) > 1) bridge.notes.push({ ...at, code: 'one-to-many' })
    if ((partners.bps.get(place.bps)?.size ?? 0) > 1) bridge.notes.push({ ...at, code: 'many-to-one' })
  }
  return bridge
}

function rowProblem(
  given: unknown,
  level: BridgeLevel,
  parents: Parents,
  schemes: ReadonlySet<string>,
  pairs: ReadonlySet<string>,
): RowProblem | undefined {
  if (typeof given !== 'object' || given === null) return 'shape'
  const row = given as Record<string, unknown>
  if (KEYS.some((key) => row[key] === undefined)) return 'shape'
  if (typeof row.kode_bps === 'number' || typeof row.kode_dagri === 'number') return 'code-number'
  if (KEYS.some((key) => row[key] === null || row[key] === '')) return 'side-empty'
  if (KEYS.some((key) => typeof row[key] !== 'string')) return 'shape'
  const { kode_bps, kode_dagri } = row as Row
  if (/^0+$/.test(kode_bps)) return 'bps-zero'
  const { bps, bpsAbove, kemendagri, kemendagriAbove, above } = BRIDGE_LEVELS[level]
  const digits = digitsOf(kode_dagri)
  if (!/^[0-9]+$/.test(kode_bps + digits) || kode_bps.length !== bps || digits.length !== kemendagri) return 'width'
  const isOrphan = !parents.has(kode_bps.slice(0, bpsAbove)) || !schemes.has(digits.slice(0, kemendagriAbove))
  if (above !== undefined && isOrphan) return 'parent-unknown'
  return pairs.has(codePair(row as Row)) ? 'duplicate' : undefined
}

function areParentsPaired({ kode_bps, kode_dagri }: Row, level: BridgeLevel, parents: Parents): boolean {
  const { above, bpsAbove, kemendagriAbove } = BRIDGE_LEVELS[level]
  if (above === undefined) return true
  return parents.get(kode_bps.slice(0, bpsAbove))?.has(digitsOf(kode_dagri).slice(0, kemendagriAbove)) ?? false
}

function kemendagriOf(parents: Parents): Set<string> {
  return new Set([...parents.values()].flatMap((codes) => [...codes]))
}

/** The name is Kemendagri's; that of BPS stands beside it where it differs by more than blanks and signs. */
function placeFromRow({ kode_bps, nama_bps, nama_dagri }: Row, kemendagri: string, period: string): Place {
  return { bps: kode_bps, kemendagri, name: nama_dagri, bpsName: nama_bps, otherNames: [], period }
}

function digitsOf(kemendagri: string): string {
  return kemendagri.replaceAll('.', '')
}

function codePair({ kode_bps, kode_dagri }: Row): string {
  return `${kode_bps} ${digitsOf(kode_dagri)}`
}

function note(partners: Map<string, Set<string>>, code: string, partner: string): void {
  partners.set(code, (partners.get(code) ?? new Set()).add(partner))
}

function reportOf(index: number, code: RowReport['code'], given: unknown): RowReport {
  const { kode_bps, kode_dagri } = (given ?? {}) as Partial<Row>
  return { row: index + 1, code, bps: String(kode_bps ?? ''), kemendagri: String(kode_dagri ?? '') }
}
