import { plainText } from '../../domain/text/plain-text.ts'
import type { CodeList } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import type { Document } from '../../language/document.ts'
import { answersOf } from '../../language/rules/answers.ts'
import { Memory } from './value-cache.ts'

/** What one source code says about one variable. */
export type CodeAnswer = {
  value: string | undefined
  candidates: string[] | undefined
  inferred: boolean
  keep: boolean
  hold: boolean
  /** Nothing but a value: no note is needed. */
  plain: boolean
}

/** A row of a code list: one answer for the field that names the list, or one per variable. */
export type CodeRow = {
  label: string
  answer: CodeAnswer | undefined
  answers: Map<string, CodeAnswer> | undefined
  /** Of several labels with one code, the one that is written on the way back. */
  isBack: boolean
}

/** What each source code or label means for one variable. Undefined for one that the list does not have. */
export type CodeTable = {
  find(value: string): CodeAnswer | undefined
  /** For a value that is not in the list: the answer of the one code with the same number, where zeros were lost or added (`2.0`, `1` for `01`). */
  repaired(value: string): CodeAnswer | undefined
  /** Labels that say a canonical code: those marked `back`, then those that say nothing but it, each in the order of the list. */
  ways(code: string): string[]
  /** The first label that may mean a code, among others. */
  nearest(code: string): string | undefined
}

const NOTHING: CodeAnswer = {
  value: undefined,
  candidates: undefined,
  inferred: false,
  keep: false,
  hold: false,
  plain: true,
}

/** A label as lists compare it: capitals, single blanks, none around "/" and "-", straight quotes, one kind of dash. */
export function normalizeLabel(label: string): string {
  return label
    .trim()
    .toUpperCase()
    .replace(/[’‘`]/g, "'")
    .replace(/[–—]/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/ ?([/-]) ?/g, '$1')
}

/** Reads a code list document; diagnostics name the row. `at` leads from the file's root to the list. */
export function readCodes(
  document: Document,
  name: string,
  rows: unknown,
  at: string[],
  diagnostics: Diagnostics,
): CodeRow[] {
  if (!isRecord(rows)) {
    diagnostics.add(document.at(...at), `The code list ${name} has no rows. Write "label": "code" lines.`)
    return []
  }
  const seen = new Map<string, string>()
  return Object.entries(rows).map(([label, entry]) => {
    const place = document.at(...at, label)
    for (const spelling of [label, ...spellingsOf(entry)]) {
      const normal = normalizeLabel(spelling)
      const earlier = seen.get(normal)
      if (earlier !== undefined) {
        diagnostics.add(
          place,
          `"${spelling}" is in the list already, as "${earlier}" (capitals and blanks do not count). Remove one.`,
        )
      }
      seen.set(normal, spelling)
    }
    const say = (text: string) => diagnostics.add(place, text)
    const to = isRecord(entry) ? entry.to : undefined
    const isBack = isRecord(entry) && entry.back === true
    if (!isRecord(to)) return { label, answer: answerOf(entry, say), answers: undefined, isBack }
    const keep = (entry as Record<string, unknown>).keep === true
    const answers = Object.entries(to).map(([field, part]) => {
      const answer = answerOf(part, say)
      return [field, keep ? { ...answer, keep: true, plain: false } : answer] as const
    })
    return { label, answer: undefined, answers: new Map(answers), isBack }
  })
}

/** Further spellings of a label, as the row of a code list gives them. */
export function spellingsOf(entry: unknown): string[] {
  const spellings = isRecord(entry) ? entry.spellings : undefined
  return Array.isArray(spellings) ? spellings.map(String) : []
}

function answerOf(entry: unknown, say: (text: string) => void): CodeAnswer {
  if (entry === null || entry === undefined) return NOTHING
  if (typeof entry === 'number' || typeof entry === 'boolean') say(`Write the code as text, in quotes: "${entry}".`)
  if (entry === 'keep') return { ...NOTHING, keep: true, plain: false }
  if (entry === 'hold') return { ...NOTHING, hold: true, plain: false }
  if (!isRecord(entry)) return { ...NOTHING, value: plainText(String(entry)) }
  const known = ['to', 'spellings', 'keep', 'candidates', 'choose', 'inferred', 'note', 'back']
  const odd = Object.keys(entry).find((key) => !known.includes(key))
  if (odd !== undefined) say(`"${odd}" is no key of a code row. Use ${known.join(', ')}.`)
  const candidates = Array.isArray(entry.candidates)
    ? entry.candidates.map((code) => plainText(String(code)))
    : undefined
  const chosen = entry.choose ?? entry.to ?? undefined
  if (typeof chosen === 'number') say(`Write the code as text, in quotes: "${chosen}".`)
  if (entry.choose !== undefined && candidates?.includes(String(entry.choose)) !== true)
    say(`"choose" takes one of the candidates, and "${entry.choose}" is none of them. Correct one of the two.`)
  const inferred = entry.inferred === true || entry.choose !== undefined
  const keep = entry.keep === true || (candidates !== undefined && entry.choose === undefined)
  const value = chosen === undefined || chosen === null ? undefined : plainText(String(chosen))
  return { value, candidates, inferred, keep, hold: false, plain: !inferred && !keep && candidates === undefined }
}

/** Refuses targets that are not in the canonical list of the variable. */
export function checkTargets(
  rows: CodeRow[],
  field: string,
  list: CodeList | undefined,
  say: (label: string, text: string) => void,
) {
  if (list === undefined) return
  const known = answersOf(list)
  for (const { label, answer, answers } of rows) {
    const found = answers === undefined ? answer : answers.get(field)
    for (const code of [found?.value, ...(found?.candidates ?? [])]) {
      if (code !== undefined && !known.has(code)) {
        say(label, `"${code}" is no code of the canonical list ${list.name}. Use one of ${codesOf(list)}.`)
      }
    }
  }
}

function codesOf(list: CodeList): string {
  return list.codes.map((known) => known.code).join(', ')
}

/** The table of one variable, made once. */
export function tableFor(rows: CodeRow[], spellings: ReadonlyMap<string, string[]>, field: string): CodeTable {
  const normal = new Map<string, CodeAnswer>()
  for (const row of rows) {
    const answer = row.answers === undefined ? row.answer : row.answers.get(field)
    for (const spelling of [row.label, ...(spellings.get(row.label) ?? [])])
      normal.set(normalizeLabel(spelling), answer ?? NOTHING)
  }
  const numbers = new Map<number, CodeAnswer | undefined>()
  for (const [label, answer] of normal) {
    if (!NUMBER.test(label)) continue
    const number = Number(label)
    const other = numbers.get(number)
    numbers.set(number, !numbers.has(number) || other === answer ? answer : undefined)
  }
  const answerOfRow = (row: CodeRow) => (row.answers === undefined ? row.answer : row.answers.get(field))
  // A source spells a label alike in every row, so most labels are found as they are written.
  const seen = new Memory<CodeAnswer>()
  return {
    find: (value) => {
      const known = value === '' ? undefined : seen.recall(value)
      if (known !== undefined) return known
      const answer = normal.get(normalizeLabel(value))
      if (answer !== undefined && value !== '') seen.keep(value, answer)
      return answer
    },
    repaired: (value) => {
      const digits = value.trim().replace(/[.,]0+$/, '')
      return NUMBER.test(digits) ? numbers.get(Number(digits)) : undefined
    },
    ways: (code) => {
      const saying = rows.filter((row) => answerOfRow(row)?.value === code && answerOfRow(row)?.hold !== true)
      const rank = (row: CodeRow) => (row.isBack ? 0 : answerOfRow(row)?.plain === true ? 1 : 2)
      return saying.toSorted((a, b) => rank(a) - rank(b)).map(({ label }) => label)
    },
    nearest: (code) => rows.find((row) => answerOfRow(row)?.candidates?.includes(code))?.label,
  }
}

/** A code that is a number. */
const NUMBER = /^[0-9]{1,9}$/

/** The list of a variable whose source holds canonical codes, or sums of them where they add up: leading zeros are removed. */
export function canonicalRows(list: CodeList): { rows: CodeRow[]; spellings: Map<string, string[]> } {
  const codes = [...answersOf(list)]
  const rows = codes.map((code) => ({
    label: code,
    answer: { ...NOTHING, value: plainText(code) },
    answers: undefined,
    isBack: false,
  }))
  return { rows, spellings: new Map(codes.map((code) => [code, code.length === 1 ? [`0${code}`] : []])) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
