import type { Draft, DraftRule } from './draft.ts'
import { titleOf } from './record-schema.ts'
import { questionsOf } from './render.ts'
import type { Sample } from './sample.ts'

/** Writes README.md of a draft: what the file looks like, what becomes of each column, and what a person has to decide. */
export function renderReadme(sample: Sample, draft: Draft, title: string): string {
  const { source, tables } = sample
  const file =
    source.kind === 'ndjson'
      ? `JSON, ${source.array ? 'an array' : 'one record a line'}`
      : `CSV, delimiter \`${source.delimiter === '\t' ? 'tab' : source.delimiter}\`, ${source.encoding}, with a header`
  const columns = tables.flatMap(({ each, columns: own }) =>
    own.map(
      ({ name }) =>
        `| \`${each === undefined ? '' : `${each}[].`}${name}\` | ${titleOf(name)} | ${fateOf(name, each, draft)} |`,
    ),
  )
  const questions = questionsOf(draft).map(({ file: where, ask }) => `- [ ] ${ask} (\`${where}\`)`)
  return [
    `# ${title}`,
    '',
    '> **DRAFT**, made by `titian dataset new` from a sample. It is not for new batches while `draft: true` stands in `mapping.yaml`.',
    '',
    `- File: ${file}.`,
    '- Where the layout comes from: (say who publishes it, and since when).',
    '',
    '## To decide',
    '',
    ...questions,
    '- [ ] do the examples say what you mean? Their `out` is what the draft makes of made-up records (`examples/`)',
    '- [ ] are the titles in `schema.json` what the columns mean? The catalogue shows them',
    '',
    '## Columns',
    '',
    '| column | label | becomes |',
    '| --- | --- | --- |',
    ...columns,
    '',
    '## Not carried',
    '',
    ...notCarried(draft),
    '',
  ].join('\n')
}

function fateOf(column: string, each: string | undefined, draft: Draft): string {
  const fates: string[] = []
  for (const block of draft.blocks.filter((one) => one.each === each)) {
    const uses = (rules: readonly DraftRule[]) =>
      rules.filter((rule) => rule.column === column || rule.others?.includes(column))
    if (block.key.column === column) fates.push('key')
    if (block.household?.key === column || block.headNik === column) fates.push('joins with the family')
    fates.push(...uses(block.fields).map(({ name }) => `\`${block.level}.${name}\``))
    fates.push(...uses(block.extensions).map(() => 'extension'))
    if (block.ignore.some((one) => one.column === column)) fates.push('not carried')
  }
  if (draft.referenceDate?.column === column) fates.push('reference date')
  return [...new Set(fates)].join(', ')
}

function notCarried({ blocks }: Draft): string[] {
  const left = blocks.flatMap(({ ignore }) => ignore)
  if (left.length === 0) return ['Nothing: every column becomes a field, a key or an extension.']
  return left.map(({ column, ask }) => `- \`${column}\`: ${ask.replace(`${column} `, '')}.`)
}
