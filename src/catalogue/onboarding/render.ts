import { type Draft, type DraftBlock, type DraftList, type DraftRow, type DraftRule, flow, scalar } from './draft.ts'
import type { Sniffed } from './sniff.ts'

const WIDTH = 140

/** Writes mapping.yaml of a draft; what a person has to decide stands above its place as `# TO DECIDE`. */
export function renderMapping(draft: Draft, title: string, source: Sniffed): string {
  return [
    `title: ${scalar(title)}`,
    '# Not for new batches until this line is removed: test, check, preview and diff work with it.',
    'draft: true',
    ...asked(
      'is the layout the platform’s own published one, or an assumption? (published | reconstructed | assumption)',
      '',
    ),
    'status: assumption',
    `format: ${formatOf(source)}`,
    ...dateLines(draft.referenceDate),
    ...(draft.region === undefined ? [] : [...asked(draft.region.ask, ''), ...draft.region.lines]),
    'records:',
    ...draft.blocks.flatMap(blockLines),
    '',
  ].join('\n')
}

/** Writes a code list; open rows say so. */
export function renderList({ title, codelist, rows, codes, left }: DraftList): string {
  return [
    `title: ${scalar(title)}`,
    `codelist: ${codelist}`,
    '# The canonical codes:',
    ...codes.map((code) => `#   ${code}`),
    ...(left > 0
      ? asked(`${left} values that stand in the sample once each are not written here; titian check shows them`, '')
      : []),
    'rows:',
    ...rows.map(rowLine),
    '',
  ].join('\n')
}

/** Everything that a person has to decide, with the file it stands in. */
export function questionsOf(draft: Draft): { file: string; ask: string }[] {
  const rules = draft.blocks.flatMap(({ fields, extensions }) => [...fields, ...extensions])
  const inMapping = [
    draft.referenceDate?.ask ?? 'no column looks like the day of the survey: which day do ages and answers refer to?',
    draft.region?.ask ?? 'no column looks like a village code: where does the region come from?',
    ...draft.blocks.flatMap(({ asks }) => asks),
    ...draft.blocks.map(({ key }) => key.ask),
    ...rules.map(({ ask }) => ask),
    ...draft.blocks.flatMap(({ ignore }) => ignore.map(({ ask }) => ask)),
  ]
  const inLists = draft.lists
    .filter(({ rows, left }) => left > 0 || rows.some(({ isOpen }) => isOpen))
    .map(({ name, rows, left }) => ({ file: `codes/${name}.yaml`, ask: openIn(rows, left) }))
  const asks = inMapping.filter((ask) => ask !== undefined && !ask.startsWith('see codes/'))
  return [...[...new Set(asks)].map((ask) => ({ file: 'mapping.yaml', ask: ask ?? '' })), ...inLists]
}

function openIn(rows: readonly DraftRow[], left: number): string {
  const open = rows.filter(({ isOpen }) => isOpen).length
  return [...(open > 0 ? [`${open} open rows`] : []), ...(left > 0 ? [`${left} values without a row`] : [])].join(', ')
}

function formatOf(source: Sniffed): string {
  if (source.kind === 'ndjson') return '{ kind: ndjson }'
  const encodings = source.encoding === 'utf-8' ? ['utf-8'] : ['utf-8', 'windows-1252']
  return `{ kind: csv, delimiter: ${JSON.stringify(source.delimiter)}, encodings: ${flow(encodings)} }`
}

function dateLines(rule: DraftRule | undefined): string[] {
  if (rule === undefined)
    return [
      ...asked('which day do ages and answers refer to? A column of dates, or one day for all:', ''),
      '# referenceDate: { constant: "2025-06-30" }',
    ]
  return [...asked(rule.ask, ''), `referenceDate: ${flow(rule.rule)}`]
}

function blockLines(block: DraftBlock): string[] {
  const { level, asks, each, key, household, headNik, fields, extensions, ignore } = block
  return [
    ...asks.flatMap((ask) => asked(ask, '  ')),
    `  - level: ${level}`,
    ...(each === undefined ? [] : [`    each: ${scalar(each)}`]),
    ...asked(key.ask, '    '),
    `    key: ${flow(key.key)}`,
    ...(household === undefined ? [] : [`    household: ${flow(household)}`]),
    ...(headNik === undefined ? [] : [`    headNik: ${scalar(headNik)}`]),
    `    fields:${fields.length === 0 ? ' {}' : ''}`,
    ...fields.flatMap(ruleLines),
    ...(extensions.length === 0 ? [] : ['    extensions:', ...extensions.flatMap(ruleLines)]),
    ...(ignore.length === 0 ? [] : ['    ignore:']),
    ...ignore.flatMap(({ column, ask }) => [...asked(ask, '      '), `      - ${scalar(column)}`]),
  ]
}

function ruleLines({ name, rule, ask }: DraftRule): string[] {
  return [...asked(ask, '      '), `      ${scalar(name)}: ${flow(rule)}`]
}

function rowLine({ label, entry, note, isOpen }: DraftRow): string {
  const comment = note === '' ? '' : ` # ${isOpen ? 'TO DECIDE: ' : ''}${note}`
  return `  ${scalar(label)}: ${flow(entry)}${comment}`
}

function asked(ask: string | undefined, indent: string): string[] {
  if (ask === undefined) return []
  const lines: string[] = []
  let line = `${indent}# TO DECIDE:`
  for (const word of ask.split(' ')) {
    if (line.length + word.length >= WIDTH) {
      lines.push(line)
      line = `${indent}#  `
    }
    line += ` ${word}`
  }
  return [...lines, line]
}
