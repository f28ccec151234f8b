import type { Golden } from '../../../domain/golden.ts'
import type { SubjectId } from '../../../domain/ids.ts'
import type { Indexes } from '../../../trust/keys/indexes.ts'
import type { KeptRecord } from '../../compare/features.ts'
import { numbersOf } from '../erased/erased.ts'
import type { Index } from '../subject.ts'

/** Makes names that no rotation of the index key changes. */
export type Naming = Pick<Indexes, 'lastingText' | 'lastingOf'>

/** A name by which a restricted person is known; `numbered` where the person stated a number of its own. */
export type RestrictedName = { name: string; numbered: boolean }

/** The field of a family's record that names its head. */
const HEAD = 'nama_anggota_keluarga'

/** The name of an id of the person. */
export function nameOfId(id: SubjectId): string {
  return `id ${id}`
}

/** The name of a source record by its key. */
export function nameOfKey(key: Index, { lastingOf }: Naming): string {
  return `key ${lastingOf(key)}`
}

/** The name of a personal number: a keyed hash of its own text, so that it meets no other index of the number. */
function nameOfNumber(number: string, { lastingText }: Naming): string {
  return `nik ${lastingText('nik', `restricted|${number}`)}`
}

/** The names of one record of a person. */
export function namesOfRecord(key: Index, record: KeptRecord, naming: Naming): string[] {
  return [nameOfKey(key, naming), ...numbersOf(record).map((number) => nameOfNumber(number, naming))]
}

/**
 * Whether a record states a restricted person: by a number, or by its key. A source that numbers its rows anew gives a key to
 * somebody else: the key of a person with a number counts only where the record states none.
 */
export function statesRestricted(names: readonly string[], known: ReadonlyMap<string, RestrictedName>): boolean {
  const [key = '', ...numbers] = names
  if (numbers.some((number) => known.has(number))) return true
  const named = known.get(key)
  return named !== undefined && !(named.numbered && numbers.length > 0)
}

/** The golden record of a family without what may name its head. */
export function withoutHead({ record, flags, origin }: Golden): Golden {
  const { [HEAD]: _, ...rest } = record
  const { [HEAD]: __, ...left } = flags ?? {}
  return { record: rest, origin, ...(Object.keys(left).length > 0 && { flags: left }) }
}

/** The name that a record gives to a person, or a family's to its head. */
export function statedName({ fields, level }: KeptRecord): string | number | undefined {
  return level === 'keluarga' ? fields[HEAD] : fields.nama
}
