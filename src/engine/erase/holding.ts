import type { CleanedEntry, RawEntry } from '../../domain/entry.ts'
import type { ENGINE_FINDINGS } from '../findings.ts'

/** The finding of an entry that states an erased person, and the text in the place of one that was destroyed. */
export const ERASED: keyof typeof ENGINE_FINDINGS = 'subject-erased'

/** What tells that an entry holds a person who is to be erased. */
export type Sought = {
  /** Blind indexes of the keys of records. */
  keys: ReadonlySet<string>
  /** Entries that are known to hold the person: batch and line, parted by a space. */
  places: ReadonlySet<string>
  /** Personal numbers, digits only. */
  numbers: readonly string[]
  /** Ids of the person, as results name them. */
  subjects: readonly string[]
}

/** The lines of a chunk whose entries hold the person. `indexOf` makes the blind index of a record's key. */
export function linesHolding(
  { batch, raw, cleaned }: { batch: string; raw: readonly RawEntry[]; cleaned: readonly CleanedEntry[] },
  sought: Sought,
  indexOf: (record: CleanedEntry['records'][number]) => string,
): Set<number> {
  const lines = new Set<number>()
  for (const { line, form, text } of raw) {
    if (form === 'refused') continue
    if (sought.places.has(`${batch} ${line}`) || states(text, sought)) lines.add(line)
  }
  for (const { line, records } of cleaned) {
    const isHeld = (record: CleanedEntry['records'][number]) =>
      sought.keys.has(indexOf(record)) || states(`${record.key} ${record.content}`, sought)
    if (records.length > 0 && (sought.places.has(`${batch} ${line}`) || records.some(isHeld))) lines.add(line)
  }
  return lines
}

/** Whether a text states one of the numbers, however its digits are parted, or one of the ids. */
function states(text: string, { numbers, subjects }: Sought): boolean {
  if (subjects.some((id) => text.includes(id))) return true
  if (numbers.length === 0) return false
  const closed = text.replace(/(?<=\d)[\s.\-_/']+(?=\d)/g, '')
  return numbers.some((number) => text.includes(number) || closed.includes(number))
}
