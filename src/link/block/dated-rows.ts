import type { HiddenNumbers } from '../../trust/keys/hidden-number.ts'
import type { Features } from '../compare/features.ts'
import { areOfTwo } from '../compare/nik.ts'
import type { BlockingKey, BlockingRow, BlockRecord, Index } from '../subjects/subject.ts'
import type { BlockingKeys } from './blocking-keys.ts'

/** What is stored under the blocking keys of a record. */
export type KeyedRecord = { key: Index; keys: BlockingKeys; features: Pick<Features, 'nik'> }

const NIK = /^\d{16}$/
const NOBODY: readonly BlockRecord[] = []

/** The rows under which a record is found. The one by birth date and place tells its NIK, so that a stranger is seen to be one before the record is read. */
export function rowsOf({ key: record, keys, features }: KeyedRecord, numbers: HiddenNumbers): BlockingRow[] {
  const number = hiddenNik(features, numbers)
  return keys.stored.map((key) =>
    key === keys.dated && number !== undefined ? { key, record, number } : { key, record },
  )
}

/** The NIK of a record as its row by birth date and place tells it; undefined where it has none. */
export function hiddenNik({ nik }: Pick<Features, 'nik'>, numbers: HiddenNumbers): string | undefined {
  return nik !== undefined && NIK.test(nik) ? numbers.hide(nik) : undefined
}

/**
 * The records of blocks that may be one person with a record: all but those whose NIK says that they are not, whatever else the two
 * have in common (`areTwins` in `compare.ts`). Of a nation's largest regencies three of a block are such strangers.
 */
export function possibleIn(
  blocks: ReadonlyMap<BlockingKey, readonly BlockRecord[]>,
  asked: readonly BlockingKey[],
  { nik }: Pick<Features, 'nik'>,
  numbers: HiddenNumbers,
): Set<Index> {
  const possible = new Set<Index>()
  for (const key of asked) {
    for (const { record, number } of blocks.get(key) ?? NOBODY) {
      const other = nik === undefined || number === undefined ? undefined : numbers.show(number)
      if (nik === undefined || other === undefined || !areOfTwo(nik, other)) possible.add(record)
    }
  }
  return possible
}
