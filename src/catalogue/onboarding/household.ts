import type { Seen } from './assign.ts'
import { wordsOf } from './similar.ts'

/** A column that by its name joins the members of a family; `isSure` where its values look so, too. */
export type Household = { column: string; isSure: boolean }

/** Words in the name of a column that holds some key. */
export const KEY_WORDS = ['id', 'nomor', 'kode', 'key', 'uuid', 'urut']
const FAMILY_WORDS = ['keluarga', 'rumah', 'tangga', 'kk', 'krt', 'household']
/** Members of one family on average; labels of a list are shared by more, and a key of records by nobody. */
const FEW = 1.2
const MANY = 12
/** In registers a family stands in consecutive rows; 1.05 at most, in the samples. */
const SCATTERED = 1.2
const SMALL = /^[0-9]{1,4}[a-z]?$/i

/**
 * Finds the key that the rows of a family share, among columns that nothing else is read from. A house number, or one counted anew
 * in each village, has a name like it and would make strangers a family. Its values are small, or come again far apart.
 */
export function findHousehold(columns: readonly Seen[]): Household | undefined {
  const named = columns.filter(({ name, values }) => {
    const size = values.length / new Set(values).size
    return isCalledKey(name) && size >= FEW && size <= MANY
  })
  const sure = named.find(({ values }) => isConsecutive(values) && !isSmall(values))
  const found = sure ?? named[0]
  return found && { column: found.name, isSure: sure !== undefined }
}

function isCalledKey(name: string): boolean {
  const words = wordsOf(name)
  return words.some((word) => KEY_WORDS.includes(word)) && words.some((word) => FAMILY_WORDS.includes(word))
}

function isConsecutive(values: readonly string[]): boolean {
  const runs = values.filter((value, at) => value !== values[at - 1]).length
  return runs <= SCATTERED * new Set(values).size
}

function isSmall(values: readonly string[]): boolean {
  return values.filter((value) => SMALL.test(value)).length > values.length / 2
}
