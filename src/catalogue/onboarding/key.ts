import type { Assigned, RecordLevel, Seen } from './assign.ts'
import type { DraftKey } from './draft.ts'
import { findHousehold, type Household, KEY_WORDS } from './household.ts'
import type { Table } from './sample.ts'
import { wordsOf } from './similar.ts'

/** The key of a block, and the column that joins a row with its family. */
export type DraftedKey = DraftKey & { household: Household | undefined }

const ALMOST = 0.8
const NUMBERS: Record<RecordLevel, string> = { individu: 'nomor_induk_kependudukan', keluarga: 'nomor_kartu_keluarga' }

/** Finds the platform's own key: a column that is filled and different in every row. A personal number is only used hashed. */
export function draftKey(
  level: RecordLevel,
  { rows }: Table,
  columns: readonly Seen[],
  assigned: readonly Assigned[],
): DraftedKey {
  const free = columns.filter((column) => !assigned.some((one) => one.column === column) && isIdentifier(column))
  const isUnique = (share: number) => (column: Seen) => new Set(column.values).size >= share * rows
  // A register holds some rows twice, and some without a key: a name that says key outweighs them.
  const named = free.filter(isUnique(ALMOST)).find(({ name }) => wordsOf(name).some((word) => KEY_WORDS.includes(word)))
  const household = level === 'individu' ? findHousehold(free) : undefined
  const ask = (text: string) => `${text} A key stays the same from push to push and names one record only`
  const found = named ?? free.find(isUnique(1))
  if (found !== undefined)
    return {
      key: found.name,
      ask: ask(
        `is ${found.name} the platform's own key? In the sample ${found.values.length} of ${rows} rows have it, with ${new Set(found.values).size} different values.`,
      ),
      column: found.name,
      household,
    }
  const number = assigned.find(({ variable }) => variable.name === NUMBERS[level])?.column.name
  if (number !== undefined)
    return {
      key: { hash: number },
      ask: ask(`no column is different in every row: is ${number} the only key?`),
      column: undefined,
      household,
    }
  const first = columns[0]?.name ?? ''
  return { key: first, ask: ask('no key was found: which column is it?'), column: undefined, household }
}

function isIdentifier({ kind, name }: Seen): boolean {
  if (kind.is === 'number16') return !wordsOf(name).some((word) => word === 'kependudukan' || word === 'kartu')
  return kind.is === 'text' || kind.is === 'labels' || (kind.is === 'number' && kind.whole)
}
