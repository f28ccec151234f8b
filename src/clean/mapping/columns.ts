import {
  alternatives,
  type Block,
  columnsOf,
  columnsRead,
  extensionsOf,
  type FieldRule,
  fullName,
  keyColumns,
  type Mapping,
  whenColumns,
} from './mapping.ts'

/** What becomes of a source column: a key, a canonical variable, a part of the region, an extension; nothing when it is ignored. */
export type Use =
  | { is: 'key'; level: Block['level'] }
  | { is: 'field'; key: string }
  | { is: 'extension'; name: string }
  | { is: 'region' | 'date' | 'household' | 'ignored' | 'condition' | 'lookup' }

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
  for (const { key } of Object.values(mapping.lookups ?? {}))
    for (const column of Object.keys(key)) add(column, { is: 'lookup' })
  if (mapping.key !== undefined) add(mapping.key, { is: 'key', level: mapping.records[0]?.level ?? 'keluarga' })
  const members = mapping.records.find(({ level, each }) => level === 'individu' && each !== undefined)
  for (const block of mapping.records) useBlock(block, members, mapping.lookups, add)
  return uses
}

function useBlock(
  block: Block,
  members: Block | undefined,
  lookups: Mapping['lookups'],
  add: (column: string, use: Use) => void,
): void {
  const named = (column: string) => fullName(column, block, lookups)
  const ofRule = ({ of }: FieldRule) =>
    of === 'head' && members !== undefined ? (column: string) => fullName(column, members, lookups) : named
  for (const column of whenColumns(block.when)) add(named(column), { is: 'condition' })
  for (const column of keyColumns(block)) add(named(column), { is: 'key', level: block.level })
  if (block.household !== undefined) add(named(block.household.key), { is: 'household' })
  if (block.headNik !== undefined) add(named(block.headNik), { is: 'household' })
  for (const [field, rules] of Object.entries(block.fields)) {
    for (const rule of alternatives(rules))
      for (const column of columnsRead(rule)) add(ofRule(rule)(column), { is: 'field', key: `${block.level}.${field}` })
  }
  for (const [name, rules] of extensionsOf(block)) {
    for (const rule of rules)
      for (const column of columnsRead(rule)) add(ofRule(rule)(column), { is: 'extension', name })
  }
  for (const column of block.ignore ?? []) add(named(column), { is: 'ignored' })
}
