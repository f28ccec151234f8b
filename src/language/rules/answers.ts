import type { CodeList } from '../canonical.ts'

/** A canonical code list; `valid_values` narrows an additive list whose codes exclude each other. */
export type AnswerList = Pick<CodeList, 'additive' | 'codes' | 'exclusive_codes'> & { valid_values?: readonly string[] }

/** Every value that an answer of this list may have: its codes, and where it is additive the sums of them. */
export function answersOf(list: AnswerList): ReadonlySet<string> {
  const answers = new Set(list.valid_values ?? list.codes.map(({ code }) => code))
  if (!list.additive || list.valid_values !== undefined) return answers
  const exclusive = new Set(list.exclusive_codes)
  const bits = list.codes.filter(({ code }) => !exclusive.has(code)).reduce((sum, { code }) => sum | Number(code), 0)
  for (let sum = 0; sum <= bits; sum++) if ((sum & ~bits) === 0) answers.add(String(sum))
  return answers
}
