import type { Canonical } from '../canonical.ts'
import { Diagnostics } from '../diagnostics.ts'
import { type Document, readYaml } from '../document.ts'
import { expand } from './expand.ts'
import { type RawRule, readRule } from './read.ts'
import type { Rule } from './rule.ts'

/** A mistake in a rule file: where, and a sentence that says what to do. */
export type RuleProblem = { file: string; line: number; message: string }

type Book = { rules: Rule[]; places: Map<string, string>; diagnostics: Diagnostics; canonical: Canonical }

function isMapping(value: unknown): value is RawRule {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function addRule(raw: RawRule, index: number, topic: string, document: Document, book: Book): void {
  const here = document.at('rules', index, 'code')
  const rule = readRule(raw, topic, book.canonical, (place, sentence) =>
    book.diagnostics.add(document.at('rules', index, ...place), `${raw.code}: ${sentence}`),
  )
  const first = book.places.get(rule.code)
  if (first === undefined) book.places.set(rule.code, `${here.file}:${here.line}`)
  else book.diagnostics.add(here, `Give this rule another code: ${rule.code} stands in ${first} already.`)
  book.rules.push(rule)
}

function addFile(document: Document, book: Book): void {
  const { value } = document
  if (!isMapping(value) || typeof value.topic !== 'string' || !Array.isArray(value.rules)) {
    book.diagnostics.add(document.at(), 'Begin the file with "topic: a title", then "rules:" and a list of rules.')
    return
  }
  for (const [index, raw] of value.rules.entries()) {
    if (!isMapping(raw)) {
      book.diagnostics.add(document.at('rules', index), 'Write a rule as a mapping that begins with "code:".')
      continue
    }
    for (const filled of expand(raw).filter(isMapping)) addRule(filled, index, value.topic, document, book)
  }
}

/** Reads the files of the rule book. Where problems come back the rules are not fit for use. */
export function checkRules(
  files: readonly { file: string; text: string }[],
  canonical: Canonical,
): { rules: Rule[]; problems: RuleProblem[] } {
  const book: Book = { rules: [], places: new Map(), diagnostics: new Diagnostics(), canonical }
  for (const { file, text } of files) {
    const document = readYaml(file, text, book.diagnostics)
    if (document !== undefined) addFile(document, book)
  }
  const problems = book.diagnostics.list.map(({ file, line, text }) => ({ file, line, message: text }))
  return { rules: book.rules, problems }
}
