import type { CanonicalRecord } from '../../../domain/entry.ts'
import type { Indexer } from '../prepare.ts'
import type { Index } from '../subject.ts'

/** What an erased person is known again by; `numbered` where it stated a number of its own. */
export type ErasedIndex = { index: Index; numbered: boolean }

/** The personal numbers that a record states: of a person its own, of a family that of its head. */
export function numbersOf({ fields, headNik }: Pick<CanonicalRecord, 'fields' | 'headNik'>): string[] {
  const own = fields.nomor_induk_kependudukan
  return [...(typeof own === 'string' ? [own] : []), ...(headNik === undefined ? [] : [headNik])]
}

/** The index by which an erased person's number is known again; its own text, so that it meets no other index of the number. */
export function erasedIndex(number: string, index: Indexer): Index {
  return index('nik', `erased|${number}`)
}

/**
 * Whether a record states an erased person: by a number, or by its key. A source that numbers its rows anew gives a key to somebody
 * else: the key of a person with a number counts only where the record states none.
 */
export function statesErased(
  { key, numbers }: { key: Index; numbers: readonly Index[] },
  erased: ReadonlyMap<Index, ErasedIndex>,
): boolean {
  if (numbers.some((number) => erased.has(number))) return true
  const known = erased.get(key)
  return known !== undefined && !(known.numbered && numbers.length > 0)
}
