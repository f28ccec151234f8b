/** One row of a list of places: a pair of codes of the two schemes, as of a period. */
export type Place = {
  bps: string
  /** Dotted, as published. */
  kemendagri: string
  name: string
  /** How BPS spells it, where that differs by more than blanks. */
  bpsName: string
  /** Further names in use. */
  otherNames: string[]
  /** Of the bridge between the schemes (`2024_1.2025`); '' where the list does not say. */
  period: string
}

const PLACE_COLUMNS = ['bps', 'kemendagri', 'name', 'bps_name', 'other_names', 'period'] as const

/** Reads a list of places; its header says which columns it has. */
export function readPlaces(csv: string): Place[] {
  const [header = '', ...lines] = csv.split(/\r?\n/)
  const names = header.replace(/^\ufeff/, '').split(',')
  const [bps, kemendagri, name, bpsName, others, period] = PLACE_COLUMNS.map((column) => names.indexOf(column))
  const places: Place[] = []
  for (const line of lines) {
    if (line === '') continue
    const cells = line.includes('"') ? quotedCells(line) : line.split(',')
    const cell = (at: number | undefined) => cells[at ?? -1] ?? ''
    places.push({
      bps: cell(bps),
      kemendagri: cell(kemendagri),
      name: cell(name),
      bpsName: cell(bpsName),
      otherNames: cell(others) === '' ? [] : cell(others).split('|'),
      period: cell(period),
    })
  }
  return places
}

/** The reverse of `readPlaces`. */
export function writePlaces(places: readonly Place[]): string {
  const rows = places.map(({ bps, kemendagri, name, bpsName, otherNames, period }) =>
    [bps, kemendagri, name, bpsName, otherNames.join('|'), period].map(quoted).join(','),
  )
  return `${[PLACE_COLUMNS.join(','), ...rows].join('\n')}\n`
}

/** Every name that a place goes by. */
export function placeNames({ name, bpsName, otherNames }: Place): string[] {
  return [name, ...(bpsName === '' ? [] : [bpsName]), ...otherNames]
}

function quotedCells(line: string): string[] {
  const cells: string[] = []
  for (const [, inside, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    cells.push(inside === undefined ? (plain ?? '') : inside.replaceAll('""', '"'))
  return cells
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
