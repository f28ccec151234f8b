import type { Assigned, Seen } from './assign.ts'
import type { DraftRule } from './draft.ts'
import type { Knowledge } from './knowledge.ts'
import { wordsOf } from './similar.ts'

const NAME = 'individu.nama'
const SURE = 0.9
/** What a part of a name is called beside `nama`, in the order in which the parts are written. */
const PARTS = [['depan'], ['tengah'], ['belakang', 'keluarga', 'marga']]

/** The columns that together are the name of a person, its first part first; none where a column holds the whole name. */
export function nameParts(columns: readonly Seen[], assigned: readonly Assigned[]): Seen[] {
  if (assigned.some(({ variable, score }) => variable.key === NAME && score >= SURE)) return []
  const parts = PARTS.flatMap((words) => columns.find((column) => isPart(column, words)) ?? [])
  return parts.length > 1 ? parts : []
}

/** What was assigned, with the name made of its parts in place of what they seemed to be one by one. */
export function withNameParts(
  parts: readonly Seen[],
  assigned: readonly Assigned[],
  knowledge: Knowledge,
): (Assigned & { rule?: DraftRule })[] {
  const [first, ...others] = parts
  const variable = knowledge.variable(NAME)
  if (first === undefined || variable === undefined) return [...assigned]
  const rule: DraftRule = {
    name: variable.name,
    column: first.name,
    others: others.map(({ name }) => name),
    rule: { from: parts.map(({ name }) => name), join: ' ', as: 'name' },
    ask: undefined,
  }
  const rest = assigned.filter((one) => one.variable !== variable && !parts.includes(one.column))
  return [{ column: first, variable, score: 1, rule }, ...rest]
}

/** Beside `nama` one word that says which part; `marga` alone is a clan's name. */
function isPart({ name, kind }: Seen, parts: readonly string[]): boolean {
  const words = wordsOf(name)
  const isCalledSo = words.length === 2 ? words.includes('nama') : words.join() === 'marga'
  return isCalledSo && words.some((word) => parts.includes(word)) && (kind.is === 'text' || kind.is === 'labels')
}
