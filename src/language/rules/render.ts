import { PREDICATES } from './predicates/table.ts'
import type { Rule, RuleExample } from './rule.ts'

const INTRODUCTION = `# The rule book

Made from the files of this folder by \`renderRuleBook\`; a test compares. Do not write here: change the rule, then run
\`npx vitest run tests/language/rules -u\`.

## How a rule is read

- \`then\` must not be false while \`if\` is true, \`else\` not while \`if\` is false; \`iff\` names two conditions that must be
  both true or both false; \`unless\` switches the rule off.
- A condition on an empty variable is unknown, \`filled\` excepted. \`all\`, \`any\` and \`not\` follow three-valued logic. A rule
  speaks only where it is surely broken.
- \`any_member\` holds where its condition does for one person of the family. It is surely false only where as many members are
  known as the family says that it has, and it is false for each.
- A rule is evaluated only where the dataset carries all of its variables: what a source does not ask is no finding.
- \`umur\` is the age in full years at the reference date (\`referenceDate\` of the dataset, else \`tanggal_pendataan\`). Where it is only
  compared it follows from \`tanggal_lahir\` if the dataset has no age.
- The candidates of an ambiguous source code are an answer; they decide a condition where all of them agree.
- A field that a converter left empty, and said so, gets no second finding here.
- Every rule that is evaluated on a record is a warning: the record is kept and passed on with the finding. Only converters
  hold or reject, because only they know that nothing usable is left.

## How a rule is written

A file is a \`topic\` and a list of \`rules\`. A rule has \`code\`, \`level\` (keluarga, individu, or batch for what no single entry
shows), \`severity\`, \`fields\` (the finding points at the first), \`id\` and \`en\` (the texts), \`source\`, the conditions, and an example
that \`fails\` and one that \`passes\`, which are its tests. A bare variable is of the rule's own level, and
\`keluarga.kode_kecamatan\` is one of the other. A test of one variable may be written without naming its role. \`checked_by\` says
who looks when it is not this book; a converter then has its \`findings\`. Rules that are alike stand once, with a row per rule
under \`each\` and \`<word>\` where the row's word goes.
`

const WHO = {
  record: 'the record',
  converter: 'the converter',
  registry: 'the registry, at start',
  link: 'the link stage',
  batch: 'a look over the batch',
  nobody: 'nobody',
} as const satisfies Record<Rule['checkedBy'], string>

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function example(value: RuleExample | undefined): string {
  if (value === undefined) return ''
  if (value.raw !== undefined) return value.raw === '' ? '(empty)' : `\`${cell(value.raw)}\``
  return `\`${cell(JSON.stringify(value))}\``
}

function row(rule: Rule): string {
  const { code, level, severity, id, en, source, note, checkedBy, findings, fails, passes } = rule
  const who = findings.length === 0 ? WHO[checkedBy] : `${WHO[checkedBy]}: ${findings.join(', ')}`
  const said = [id, en, ...(note === undefined ? [] : [`*${note}*`])].map(cell).join('<br>')
  const cells = [code, level, severity, said, cell(source), who, example(fails), example(passes)]
  return `| ${cells.join(' | ')} |`
}

function topicPart(topic: string, rules: readonly Rule[]): string {
  return [
    `### ${topic}\n`,
    '| code | level | severity | text | source | checked by | fails | passes |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rules.map(row),
    '',
  ].join('\n')
}

function predicatePart(): string {
  const rows = Object.entries(PREDICATES).map(([name, { roles, settings, summary, members }]) => {
    const variables =
      roles[0] === 'var' ? `{var: …, ${name}: …}` : `{${name}: {${[...roles, ...Object.keys(settings)].join(', ')}}}`
    return `| \`${variables}\` | ${cell(summary)}${members === true ? '; over a family with its members' : ''} |`
  })
  return ['### Conditions\n', '| written | true when the value … |', '| --- | --- |', ...rows, ''].join('\n')
}

/** The page that lists the whole book: how rules are read, what conditions there are, and every rule with its examples. */
export function renderRuleBook(rules: readonly Rule[]): string {
  const topics = Map.groupBy(rules, ({ topic }) => topic)
  const parts = [...topics].map(([topic, own]) => topicPart(topic, own))
  const counts = `## The ${rules.length} rules\n`
  return [INTRODUCTION, predicatePart(), counts, ...parts].join('\n')
}
