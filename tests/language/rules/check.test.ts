import { describe, expect, it } from 'vitest'
import { checkRules } from '../../../src/language/rules/check.ts'
import { canonical } from './book.ts'

const SOUND = `topic: Contoh
rules:
  - code: X-1
    level: individu
    severity: warning
    fields: [umur]
    id: Teks.
    en: Text.
    source: Contoh
    then: {var: umur, gte: 5}
    fails: {individu: [{umur: 4}]}
    passes: {individu: [{umur: 5}]}
`

function problemsOf(text: string): string[] {
  return checkRules([{ file: 'x.yaml', text }], canonical).problems.map(
    ({ file, line, message }) => `${file}:${line} ${message}`,
  )
}

describe('a rule file', () => {
  it('without mistakes has no problems', () => {
    expect(problemsOf(SOUND)).toEqual([])
  })

  it.for([
    [
      'an unknown variable',
      'then: {var: umur',
      'then: {var: umurr',
      10,
      'The variable "individu.umurr" does not exist. Did you mean "individu.umur"?',
    ],
    ['an unknown test', 'gte: 5', 'gteq: 5', 10, 'The test "gteq" does not exist here. Did you mean "gte"?'],
    [
      'an unknown predicate',
      '{var: umur, gte: 5}',
      '{nik_date_posible: umur}',
      10,
      'The test "nik_date_posible" does not exist here. Did you mean "nik_date_possible"?',
    ],
    [
      'a role too few',
      '{var: umur, gte: 5}',
      '{nik_date_matches: {nik: nomor_induk_kependudukan}}',
      10,
      'Add "date" to nik_date_matches: it needs nik, date.',
    ],
    ['a text for a number', 'gte: 5', 'gte: lima', 10, 'Give "gte" a number.'],
    [
      'an unknown code list',
      '{var: umur, gte: 5}',
      '{var: jenis_kelamin, in_codelist: jenis_kelami}',
      10,
      'The code list "jenis_kelami" does not exist. Did you mean "jenis_kelamin"?',
    ],
    [
      'a code that the list lacks',
      '{var: umur, gte: 5}',
      '{var: jenis_kelamin, in: ["3"]}',
      10,
      'Take out "3": it is no code of the list jenis_kelamin.',
    ],
    [
      'codes as numbers',
      '{var: umur, gte: 5}',
      '{var: jenis_kelamin, in: [1]}',
      10,
      'Write the codes of "in" as a list of quoted texts: ["1", "2"].',
    ],
    [
      'a broken pattern',
      '{var: umur, gte: 5}',
      '{var: nama, pattern: "("}',
      10,
      'Give "pattern" a valid regular expression.',
    ],
    ['no test at all', '{var: umur, gte: 5}', '{var: umur}', 10, 'Say what "umur" must be, for example filled: true.'],
    ['no condition', 'then:', 'note: x\n    # then:', 3, 'Add "then": the condition that must not be false.'],
    [
      'two tests without all',
      '{var: umur, gte: 5}',
      '{not: {var: umur, gte: 5}, any: []}',
      10,
      'Write one test per condition; join several with all: or any:.',
    ],
    [
      'a missing example',
      '    fails:',
      '    # fails:',
      3,
      'Add an example that fails, such as "fails: {individu: [{umur: 3}]}".',
    ],
    [
      'an unknown variable in an example',
      'passes: {individu: [{umur',
      'passes: {individu: [{umr',
      12,
      'The variable "individu.umr" does not exist. Did you mean "individu.umur"?',
    ],
    [
      'an unknown key',
      'severity: warning',
      'severity: warning\n    severty: hold',
      6,
      'The key "severty" means nothing. Did you mean "severity"?',
    ],
    ['a wrong severity', 'severity: warning', 'severity: bad', 5, 'Give "severity" one of error, hold, warning.'],
    ['an empty text', 'en: Text.', 'en: ""', 8, 'Add "en", a text.'],
    [
      'no fields',
      'fields: [umur]',
      'fields: []',
      6,
      'Add "fields": the variables, first the one the finding points at.',
    ],
    [
      'a converter without findings',
      '    then: {var: umur, gte: 5}',
      '    checked_by: converter',
      3,
      'Add "findings": the codes that the converter gives in place of this one.',
    ],
  ] as const)('with %s is refused with line and advice', ([, from, to, line, message]) => {
    expect(SOUND).toContain(from)
    expect(problemsOf(SOUND.replace(from, to))).toContain(`x.yaml:${line} X-1: ${message}`)
  })

  it('with a code that another file has is refused, and told where', () => {
    const { problems } = checkRules(
      [
        { file: 'a.yaml', text: SOUND },
        { file: 'b.yaml', text: SOUND },
      ],
      canonical,
    )
    expect(problems).toEqual([
      { file: 'b.yaml', line: 3, message: 'Give this rule another code: X-1 stands in a.yaml:3 already.' },
    ])
  })

  it('that is no YAML, or has no rules, is refused', () => {
    expect(problemsOf('topic: [')).toEqual([expect.stringMatching(/^x\.yaml:1 .+(?:Close|Correct) it\.$/)])
    expect(problemsOf('rules: []')).toEqual([
      'x.yaml:1 Begin the file with "topic: a title", then "rules:" and a list of rules.',
    ])
  })

  it('fills in a template once per row, and leaves a word without a value standing', () => {
    const text = SOUND.replace('- code: X-1', '- each:\n      - {n: "1"}\n      - {n: "2"}\n    code: X-<n>-<m>')
    const { rules } = checkRules([{ file: 'x.yaml', text }], canonical)
    expect(rules.map(({ code }) => code)).toEqual(['X-1-<m>', 'X-2-<m>'])
  })
})
