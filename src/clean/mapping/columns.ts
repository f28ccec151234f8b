import { alternatives, type Block, columnsOf, columnsRead, extensionsOf, keyColumns, type Mapping } from './mapping.ts'

/** What becomes of a source column: a key, a canonical variable, a part of the region, an extension; nothing when it is ignored. */
export type Use =
  | { is: 'key'; level: Block['level'] }
  | { is: 'field'; key: string }
  | { is: 'extension'; name: string }
  | { is: 'region' | 'date' | 'household' | 'ignored' }

/** Every use of every column that a mapping names, by the dotted name of the column (`anggota[].nik`). */
export function usesOf(mapping: Mapping): Map<string, Use[]> {
  const uses = new Map<string, Use[]>()
  const add = (column: string, use: Use) => {
    if (column === '#') return
    const known = uses.get(column) ?? []
    uses.set(column, known.some((other) => JSON.stringify(other) === JSON.stringify(use)) ? known : [...known, use])
  }
  for (const column of mapping.referenceDate === undefined ? [] : columnsRead(mapping.referenceDate))
    add(column, { is: 'date' })
  const { region } = mapping
  for (const column of [
    ...columnsOf(region?.code),
    ...columnsOf(region?.also?.code),
    ...Object.values(region?.names ?? {}),
  ])
    add(column, { is: 'region' })
  for (const block of mapping.records) useBlock(block, add)
  return uses
}

function useBlock(block: Block, add: (column: string, use: Use) => void): void {
  const inside = block.each === undefined ? '' : `${block.each}[].`
  const named = (column: string) => (column.startsWith('/') ? column.slice(1) : `${inside}${column}`)
  for (const column of keyColumns(block)) add(named(column), { is: 'key', level: block.level })
  if (block.household !== undefined) add(named(block.household.key), { is: 'household' })
  if (block.headNik !== undefined) add(named(block.headNik), { is: 'household' })
  for (const [field, rules] of Object.entries(block.fields)) {
    for (const rule of alternatives(rules))
      for (const column of columnsRead(rule)) add(named(column), { is: 'field', key: `${block.level}.${field}` })
  }
  for (const [name, rules] of extensionsOf(block)) {
    for (const rule of rules) for (const column of columnsRead(rule)) add(named(column), { is: 'extension', name })
  }
  for (const column of block.ignore ?? []) add(named(column), { is: 'ignored' })
}
