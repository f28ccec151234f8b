import { basename } from 'node:path'
import { type Use, usesOf } from '../clean/mapping/columns.ts'
import { alternatives, type FieldRules } from '../clean/mapping/mapping.ts'
import { schemaColumns } from '../clean/verify/mapping.ts'
import type { Canonical, CodeList, Variable } from '../language/canonical.ts'
import { isCarried } from '../language/rules/applies.ts'
import type { Rule } from '../language/rules/rule.ts'
import { versionsOf } from './choose.ts'
import type { CompiledDataset, Registry } from './registry.ts'

/** What the catalogue is made from. */
export type CatalogueRegistry = Pick<Registry, 'datasets' | 'versions' | 'canonical' | 'crosswalks'> & {
  rules: Pick<Registry['rules'], 'rules'>
}

const MEASURES = { string: 'text', integer: 'count', date: 'date', code: 'category' } as const

/** The metadata of one variable as the metadata principle of Satu Data Indonesia asks for it. */
function describeVariable({ key, type, codelist, unit, ...variable }: Variable) {
  const { label_id, label_en, definition_id, question, sensitivity, note } = variable
  return {
    key,
    concept: { id: label_id ?? key, en: label_en ?? key },
    definition: definition_id ?? null,
    classification: codelist ?? null,
    measure: MEASURES[type],
    unit: unit ?? null,
    question: question ?? null,
    sensitivity: sensitivity ?? null,
    note: note ?? null,
  }
}

/** One line of the list of datasets, for the version that new batches get (or the newest draft). */
export function summarize(dataset: CompiledDataset, registry: CatalogueRegistry) {
  const { mapping, format, carries, name, version } = dataset
  return {
    name,
    version,
    title: mapping.title,
    status: mapping.status,
    draft: mapping.draft === true,
    source: mapping.source ?? null,
    format: formatOf(format),
    levels: [...new Set(mapping.records.map(({ level }) => level))],
    columns: schemaColumns(dataset.folder.schema.value).size,
    fields: carries.size,
    versions: versionsOf(registry.versions, name).map((other) => ({
      version: other.version,
      draft: other.mapping.draft === true,
    })),
  }
}

/** Everything a region's engineer or a statistician wants to know of a dataset, from its folder. */
export function describeDataset(dataset: CompiledDataset, registry: CatalogueRegistry) {
  const { mapping, folder, carries } = dataset
  const { variables } = registry.canonical
  return {
    ...summarize(dataset, registry),
    reference_date: mapping.referenceDate ?? null,
    region: mapping.region ?? null,
    schema: folder.schema.value,
    columns: columnsWithUses(dataset),
    fields: [...carries].flatMap((key) => {
      const variable = variables.get(key)
      return variable === undefined ? [] : [{ ...describeVariable(variable), rules: rulesFor(dataset, key) }]
    }),
    codelists: listsOf(dataset, registry),
    rules: rulesOf(dataset, registry.rules.rules),
    examples: folder.examples.map(({ file, value }) => ({
      name: basename(file, '.json'),
      ...(value as Record<string, unknown>),
    })),
  }
}

/** One line of the list of canonical code lists. */
export function summarizeList({ name, title_id, title_en, additive, codes }: CodeList) {
  return { name, title: { id: title_id, en: title_en }, additive, codes: codes.length }
}

/** A canonical code list with the variables that it classifies. */
export function describeList(list: CodeList, { variables }: Canonical) {
  return {
    name: list.name,
    title: { id: list.title_id, en: list.title_en },
    additive: list.additive,
    source: list.source ?? null,
    notes: list.notes ?? null,
    codes: list.codes.map(({ code, label_id, label_en, merges }) => ({
      code,
      label: { id: label_id, en: label_en },
      exclusive: list.exclusive_codes?.includes(code) ?? false,
      ...(merges && { merges }),
    })),
    variables: [...variables.values()].filter(({ codelist }) => codelist === list.name).map(({ key }) => key),
  }
}

function formatOf(format: CompiledDataset['format']) {
  if (format.kind === 'ndjson') return { kind: format.kind }
  return { kind: format.kind, delimiter: format.delimiter, encodings: format.encodings }
}

function columnsWithUses({ mapping, folder }: CompiledDataset) {
  const uses = usesOf(mapping)
  return [...schemaColumns(folder.schema.value)].map((name) => ({
    name,
    becomes: [...uses].flatMap(([column, use]) => (column === name || name.startsWith(`${column}.`) ? use : [])),
  })) satisfies { name: string; becomes: Use[] }[]
}

/** The rules of a mapping that make a variable, in full form. */
function rulesFor({ mapping }: CompiledDataset, key: string) {
  const [level, field = ''] = key.split('.')
  const given: FieldRules[] = mapping.records.flatMap((block) =>
    block.level === level && block.fields[field] !== undefined ? [block.fields[field]] : [],
  )
  return given.flatMap(alternatives)
}

function listsOf(dataset: CompiledDataset, { crosswalks }: CatalogueRegistry) {
  const named = dataset.mapping.records.flatMap((block) => Object.values(block.fields).flatMap(alternatives))
  const shared = new Set(named.flatMap(({ codes }) => (typeof codes === 'string' ? codes : [])))
  const own = [...dataset.folder.codes].map(([name, document]) => ({ name, ...(document.value as object) }))
  const others = [...crosswalks]
    .filter(([name]) => shared.has(`shared/${name}`))
    .map(([name, document]) => ({ name: `shared/${name}`, ...(document.value as object) }))
  return [...own, ...others]
}

function rulesOf({ mapping, carries }: CompiledDataset, rules: readonly Rule[]) {
  const hasMembers = mapping.records.some(({ each }) => each !== undefined)
  const concerns = (rule: Rule) =>
    rule.checkedBy === 'record' ? isCarried(rule, carries, hasMembers) : rule.fields.every((key) => carries.has(key))
  return rules
    .filter(({ checkedBy }) => checkedBy !== 'nobody' && checkedBy !== 'registry')
    .filter(concerns)
    .map(({ code, level, severity, fields, id, en, source, findings }) => ({
      code,
      level,
      severity,
      fields: [...fields],
      text: { id, en },
      source,
      findings: [...findings],
    }))
}
