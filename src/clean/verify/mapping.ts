import { isRegionField } from '../../domain/region.ts'
import { isDate } from '../../language/calendar.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'
import {
  alternatives,
  arraysOf,
  type Block,
  columnsOf,
  columnsRead,
  extensionsOf,
  type FieldRule,
  fullName,
  keyColumns,
  lookedUp,
  type Mapping,
  templateColumns,
  whenColumns,
} from '../mapping/mapping.ts'
import { checkAlternatives, checkCondition } from './fields.ts'
import { checkRule } from './rule.ts'
import { isArrayPart, schemaPart, valueInside } from './schema-part.ts'
import { checkValues } from './values.ts'

/** What identifies people: any other converter would let through what is no number, or no date. */
const FILLED_BY: Record<string, string> = {
  nomor_induk_kependudukan: 'nik',
  nomor_kartu_keluarga: 'no-kk',
  tanggal_lahir: 'date',
}

type Checked = {
  mapping: Mapping
  document: Document
  schema: Document
  canonical: Canonical
  diagnostics: Diagnostics
}

/** Checks what the JSON Schema of mappings cannot: names of variables, converters and columns, and that no column is forgotten. */
export function verifyMapping(checked: Checked): void {
  const { mapping } = checked
  const columns = schemaColumns(checked.schema.value)
  const used = new Set<string>()
  if (mapping.referenceDate !== undefined) checkReferenceDate(mapping.referenceDate, checked)
  const use = (column: string, at: Step[], block: Pick<Block, 'each'> = {}) => {
    const name = fullName(column, block, mapping.lookups)
    used.add(name)
    if (column === '#' || lookedUp(column, mapping.lookups) !== undefined) return
    if ([...columns].some((known) => known === name || known.startsWith(`${name}.`) || known.startsWith(`${name}[].`)))
      return
    checked.diagnostics.add(
      checked.document.at(...at),
      `schema.json has no column "${name}". ${didYouMean(name, columns, 'Correct the name, or add the column to schema.json.')}`,
    )
  }
  for (const column of mapping.referenceDate === undefined ? [] : columnsRead(mapping.referenceDate))
    use(column, ['referenceDate'])
  const region = mapping.region
  for (const column of [
    ...columnsOf(region?.code),
    ...columnsOf(region?.also?.code),
    ...Object.values(region?.names ?? {}),
  ])
    use(column, ['region'])
  if (Array.isArray(region?.code) && region.widths?.length !== region.code.length) {
    checked.diagnostics.add(
      checked.document.at('region'),
      'A split region code needs "widths", one for each column, such as [2, 2, 3, 3].',
    )
  }
  if (mapping.key !== undefined) use(mapping.key, ['key'])
  else if (mapping.records[0]?.each !== undefined)
    checked.diagnostics.add(
      checked.document.at('records', 0, 'each'),
      'The first block has several records of an entry, so the entry needs a key of its own. Add "key: COLUMN" above "records".',
    )
  for (const [name, { key }] of Object.entries(mapping.lookups ?? {}))
    for (const column of Object.keys(key)) use(column, ['lookups', name, 'key', column])
  for (const [index, block] of mapping.records.entries()) {
    const at = ['records', index]
    checkEach(block, at, checked)
    checkBlock(block, at, checked, (column, place, of) => use(column, place, of ?? block))
    for (const [depth] of arraysOf(block).entries())
      used.add(
        arraysOf(block)
          .slice(0, depth + 1)
          .join('[].'),
      )
  }
  for (const column of columns) {
    const covered = [...used].some((name) => name === column || column.startsWith(`${name}.`))
    if (!covered)
      checked.diagnostics.add(
        checked.schema.at('properties', column),
        `No rule reads the column "${column}". Map it, list it under "extensions", or under "ignore" with a reason in the README.`,
      )
  }
}

/** A reference date is one day, or a column of days. */
function checkReferenceDate(rule: FieldRule, { document, diagnostics }: Checked): void {
  const say = (step: string, text: string) =>
    diagnostics.add(document.at('referenceDate', ...(step === '' ? [] : [step])), text)
  checkRule({ as: 'date', ...rule }, say)
  if (rule.from === undefined && rule.constant === undefined)
    say('', 'A reference date is read "from" a column, or is a "constant".')
  if (rule.constant !== undefined && !isDate(String(rule.constant)))
    say('constant', `"${rule.constant}" is no date. Write it as "2025-06-30".`)
}

/** The arrays of a block are arrays of objects in the schema, and only JSON has any. */
function checkEach(block: Block, at: Step[], { mapping, schema, document, diagnostics }: Checked): void {
  if (block.each === undefined) return
  const say = (text: string) => diagnostics.add(document.at(...at, 'each'), text)
  if (mapping.format.kind === 'csv') {
    say('A row of a CSV file has no arrays. Remove "each", or let each row give one record.')
    return
  }
  let part = schema.value
  for (const array of arraysOf(block)) {
    for (const step of array.split('.'))
      part = (part as { properties?: Record<string, unknown> } | undefined)?.properties?.[step]
    part = (part as { items?: unknown } | undefined)?.items
    if ((part as { properties?: unknown } | undefined)?.properties === undefined) {
      say(`schema.json has no array of objects "${array}". Correct the name, or describe it there with "items".`)
      return
    }
  }
}

/** The columns whose values a rule takes or compares; an extension without a converter takes whatever is there. */
function valuesRead(rule: FieldRule, isExtension: boolean): string[] {
  const isCarried = isExtension && rule.as === undefined && rule.codes === undefined
  const compared = Object.entries(rule.when ?? {}).filter(([, wanted]) => wanted !== 'filled' && wanted !== 'empty')
  return [
    ...(isCarried ? [] : columnsOf(rule.from)),
    ...templateColumns(rule.template ?? ''),
    ...whenColumns(Object.fromEntries(compared)),
  ]
}

type Use = (column: string, at: Step[], of?: Block) => void

function checkBlock(block: Block, at: Step[], checked: Checked, use: Use): void {
  const { document, canonical, diagnostics, mapping } = checked
  const members = mapping.records.find(({ level, each }) => level === 'individu' && each !== undefined)
  for (const column of whenColumns(block.when)) use(column, [...at, 'when', column])
  if (block.when !== undefined) checkCondition(block.when, at, block, undefined, checked)
  const made = new Set<string>()
  const check = (rule: FieldRule, place: Step[], isExtension = false) => {
    for (const column of columnsRead(rule)) use(column, place, rule.of === 'head' ? members : undefined)
    if (
      rule.count !== undefined &&
      !isArrayPart(schemaPart(checked.schema.value, fullName(rule.count, block, mapping.lookups)))
    )
      diagnostics.add(
        document.at(...place, 'count'),
        `"${rule.count}" is no array in schema.json, so there is nothing to count. Name an array, or read the number with "from".`,
      )
    const own = rule.of === 'head' ? (members ?? block) : block
    for (const column of valuesRead(rule, isExtension)) {
      const part = schemaPart(checked.schema.value, fullName(column, own, mapping.lookups))
      const inside = valueInside(part)
      if (inside !== undefined)
        diagnostics.add(
          document.at(...place),
          `"${column}" is ${isArrayPart(part) ? 'an array of objects' : 'an object'}, and a rule reads values. ${isArrayPart(part) ? 'Count it, give its elements a block (each), or carry it as an extension without a converter.' : `Name a value inside of it, such as ${column}.${inside}.`}`,
        )
    }
    checkRule(rule, (step, text) => diagnostics.add(document.at(...place, ...(step === '' ? [] : [step])), text))
    if (rule.when !== undefined) checkCondition(rule.when, place, block, made, checked)
  }
  for (const column of keyColumns(block)) use(column, [...at, 'key'])
  if (block.household !== undefined) use(block.household.key, [...at, 'household'])
  if (block.headNik !== undefined) use(block.headNik, [...at, 'headNik'])
  for (const [index, column] of (block.ignore ?? []).entries()) use(column, [...at, 'ignore', index])
  const names = [...canonical.variables.values()]
    .filter((variable) => variable.level === block.level)
    .map(({ name }) => name)
  for (const [field, rules] of Object.entries(block.fields)) {
    const here = [...at, 'fields', field]
    const variable = canonical.variables.get(`${block.level}.${field}`)
    checkAlternatives(field, rules, here, block, checked)
    if (variable === undefined) {
      diagnostics.add(
        document.at(...here),
        `"${field}" is no canonical variable of ${block.level}. ${didYouMean(field, names, 'See canonical/variables.json, or make it an extension.')}`,
      )
    } else if (checked.mapping.region !== undefined && block.level === 'keluarga' && isRegionField(field)) {
      diagnostics.add(document.at(...here), `"region" fills ${field}. Remove this rule.`)
    }
    const needed = FILLED_BY[field]
    // A date is what its type makes of it where no converter is named.
    const named = needed === 'date' ? 'date' : undefined
    for (const [place, rule] of ruleSteps(rules, here)) {
      check(rule, place)
      if (variable !== undefined)
        checkValues(rule, variable, canonical, (step, text) => diagnostics.add(document.at(...place, step), text))
      if (needed !== undefined && (rule.as ?? named) !== needed && rule.head !== field)
        diagnostics.add(
          document.at(...place),
          `Only the converter "${needed}" fills ${field}. Write "as: ${needed}"; a value of another kind is an extension.`,
        )
    }
    made.add(field)
  }
  for (const [name, rules] of extensionsOf(block)) {
    for (const [place, rule] of ruleSteps(rules, [
      ...at,
      'extensions',
      ...(Array.isArray(block.extensions) ? [block.extensions.indexOf(name)] : [name]),
    ])) {
      check(rule, place, true)
    }
    checkAlternatives(name, [...rules], [...at, 'extensions', name], block, checked)
  }
}

/** The alternatives of a field, each with its place in the file. */
export function ruleSteps(rules: Block['fields'][string], at: Step[]): [Step[], FieldRule][] {
  const all = alternatives(rules)
  return all.map((rule, index) => [Array.isArray(rules) && all.length > 1 ? [...at, index] : at, rule])
}

/** Dotted names of the leaves of a record schema; arrays of objects as `anggota[].nik`. */
export function schemaColumns(schema: unknown, inside = ''): Set<string> {
  const columns = new Set<string>()
  const properties = (schema as { properties?: Record<string, Record<string, unknown>> } | null)?.properties ?? {}
  for (const [name, part] of Object.entries(properties)) {
    const items = part.items as Record<string, unknown> | undefined
    if (part.properties !== undefined) for (const leaf of schemaColumns(part, `${inside}${name}.`)) columns.add(leaf)
    else if (items?.properties !== undefined)
      for (const leaf of schemaColumns(items, `${inside}${name}[].`)) columns.add(leaf)
    else columns.add(inside + name)
  }
  return columns
}
