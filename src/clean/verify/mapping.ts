import { isRegionField } from '../../domain/region.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'
import { FORMATS, INSTANTS } from '../converters/date.ts'
import { CONVERTERS } from '../converters/table.ts'
import { zoneOf } from '../converters/zone.ts'
import {
  alternatives,
  type Block,
  columnsOf,
  columnsRead,
  extensionsOf,
  type FieldRule,
  keyColumns,
  type Mapping,
} from '../mapping/mapping.ts'

const SHARED_KEYS = ['from', 'as', 'when', 'required', 'inferred', 'join', 'pad', 'split', 'template']
const ORIGINS = ['from', 'constant', 'count', 'head', 'template'] as const
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
  if (mapping.referenceDate !== undefined)
    checkRule({ as: 'date', ...mapping.referenceDate }, ['referenceDate'], checked)
  const use = (column: string, at: Step[], inside = '') => {
    const name = column.startsWith('/') ? column.slice(1) : `${inside}${column}`
    used.add(name)
    if (
      column === '#' ||
      [...columns].some((known) => known === name || known.startsWith(`${name}.`) || known.startsWith(`${name}[].`))
    )
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
  for (const [index, block] of mapping.records.entries()) {
    const inside = block.each === undefined ? '' : `${block.each}[].`
    checkBlock(block, ['records', index], checked, (column, at) => use(column, at, inside))
    if (block.each !== undefined) used.add(block.each)
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

function checkBlock(block: Block, at: Step[], checked: Checked, use: (column: string, at: Step[]) => void): void {
  const { document, canonical, diagnostics } = checked
  for (const column of keyColumns(block)) use(column, [...at, 'key'])
  if (block.household !== undefined) use(block.household.key, [...at, 'household'])
  if (block.headNik !== undefined) use(block.headNik, [...at, 'headNik'])
  for (const [index, column] of (block.ignore ?? []).entries()) use(column, [...at, 'ignore', index])
  const names = [...canonical.variables.values()]
    .filter((variable) => variable.level === block.level)
    .map(({ name }) => name)
  for (const [field, rules] of Object.entries(block.fields)) {
    const here = [...at, 'fields', field]
    if (!canonical.variables.has(`${block.level}.${field}`)) {
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
      checkRule(rule, place, checked, use)
      if (needed !== undefined && (rule.as ?? named) !== needed && rule.head !== field)
        diagnostics.add(
          document.at(...place),
          `Only the converter "${needed}" fills ${field}. Write "as: ${needed}"; a value of another kind is an extension.`,
        )
    }
  }
  for (const [name, rules] of extensionsOf(block)) {
    for (const [place, rule] of ruleSteps(rules, [
      ...at,
      'extensions',
      ...(Array.isArray(block.extensions) ? [block.extensions.indexOf(name)] : [name]),
    ])) {
      checkRule(rule, place, checked, use)
    }
  }
}

/** The alternatives of a field, each with its place in the file. */
export function ruleSteps(rules: Block['fields'][string], at: Step[]): [Step[], FieldRule][] {
  const all = alternatives(rules)
  return all.map((rule, index) => [Array.isArray(rules) && all.length > 1 ? [...at, index] : at, rule])
}

function checkRule(rule: FieldRule, at: Step[], checked: Checked, use?: (column: string, at: Step[]) => void): void {
  const say = (step: string, text: string) =>
    checked.diagnostics.add(checked.document.at(...at, ...(step === '' ? [] : [step])), text)
  for (const column of columnsRead(rule)) use?.(column, at)
  const origins = ORIGINS.filter((origin) => rule[origin] !== undefined)
  if (origins.length !== 1) say('', `Say where the value comes from: exactly one of ${ORIGINS.join(', ')}.`)
  for (const format of [rule.format ?? []].flat()) {
    if (FORMATS[format] === undefined)
      say(
        'format',
        `"${format}" is no date format. ${didYouMean(format, Object.keys(FORMATS), `Use one of ${Object.keys(FORMATS).join(', ')}.`)}`,
      )
    if (/(^|[^Y])YY$/.test(format) && rule.century === undefined)
      say('format', 'A two-digit year needs "century": 2000, or { age: COLUMN }.')
    if (INSTANTS.includes(format) && rule.zone === undefined)
      say('format', `"${format}" needs "zone", such as Asia/Jakarta: an instant has no day without it.`)
  }
  if (rule.zone !== undefined && zoneOf(rule.zone) === undefined)
    say('zone', `"${rule.zone}" is no time zone. Write Asia/Jakarta, Asia/Makassar, Asia/Jayapura, or an offset.`)
  if (rule.as === undefined) return
  const converter = CONVERTERS[rule.as]
  if (converter === undefined) {
    say(
      'as',
      `"${rule.as}" is no converter. ${didYouMean(rule.as, Object.keys(CONVERTERS), `Use one of ${Object.keys(CONVERTERS).join(', ')}.`)}`,
    )
    return
  }
  for (const key of Object.keys(rule) as (keyof FieldRule)[]) {
    if (SHARED_KEYS.includes(key) || converter.args.includes(key) || ORIGINS.some((origin) => origin === key)) continue
    say(
      key,
      `The converter "${rule.as}" does not read "${key}". ${converter.args.length === 0 ? 'Remove it.' : `It reads ${converter.args.join(', ')}.`}`,
    )
  }
  for (const key of converter.needs ?? [])
    if (rule[key] === undefined && rule.from !== undefined && !(key === 'codes'))
      say('as', `The converter "${rule.as}" needs "${key}". Add it.`)
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
