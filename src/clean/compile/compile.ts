import type { ValidateFunction } from 'ajv'
import type { Ajv2020 } from 'ajv/dist/2020.js'
import type { SourceFormat } from '../../domain/dataset.ts'
import type { Json } from '../../domain/entry.ts'
import { REGION_FIELDS } from '../../domain/region.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import type { Step } from '../../language/document.ts'
import { type CompileText, GeneratedCode } from '../../language/rules/generated-code.ts'
import type { RuleBook } from '../../language/rules/rulebook.ts'
import { fieldReader } from '../../trust/agreements/coverage.ts'
import type { Lists } from '../codes/lists.ts'
import { Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import type { DatasetFolder } from '../mapping/folder.ts'
import {
  alternatives,
  arraysOf,
  type Block,
  columnsOf,
  extensionsOf,
  type FieldRule,
  hashesKey,
  keyColumns,
  type Mapping,
} from '../mapping/mapping.ts'
import type { Regions } from '../regions/regions.ts'
import { ruleSteps } from '../verify/mapping.ts'
import { compileBlock, compileOfHead } from './block.ts'
import { type BlockParts, fieldNames } from './block-code.ts'
import type { CompiledBlock, DatasetParts } from './clean-entry.ts'
import { accessTo, type ColumnAccess, columnReader } from './column-access.ts'
import { fieldsAt } from './field-findings.ts'
import { compileFinish } from './finish.ts'
import { compileLocate } from './locate.ts'
import { compileLookups } from './lookups.ts'
import { arrayPaths, numberColumns, pointerOf } from './pointers.ts'
import { compileKey, keyText } from './record-key.ts'
import { compileReferenceDate } from './reference-date.ts'
import { ruleConverter } from './rule-converter.ts'

/** What every dataset of a registry is compiled with. */
export type Surroundings = {
  canonical: Canonical
  regions: Regions
  rules: RuleBook
  placeholders: Placeholders
  ajv: Ajv2020
  quickAjv: Ajv2020
  diagnostics: Diagnostics
  derive(identity: string): string
}

const USUAL_MEMBERS = 20

/** Compiles one verified folder. A schema or list that cannot be used becomes a diagnostic, and the answer is undefined. */
export function compileParts(
  folder: DatasetFolder,
  mapping: Mapping,
  lists: Lists,
  around: Surroundings,
): DatasetParts | undefined {
  const source = accessTo(mapping)
  const generated = new GeneratedCode(`${folder.name}@${folder.version}`)
  const note = new Note()
  const before = around.diagnostics.list.length
  const placeOnPersons = !mapping.records.some(({ level, when }) => level === 'keluarga' && when === undefined)
  const blocks = mapping.records.map((block, index) =>
    compileOne(
      block,
      ['records', index],
      source,
      note,
      lists,
      placeOnPersons,
      around,
      generated.under(`records/${index}`),
    ),
  )
  const validate = compileSchema(around.ajv, folder, around.diagnostics)
  if (around.diagnostics.list.length > before || validate === undefined) return undefined
  const columns = Object.keys((folder.schema.value as { properties: object }).properties)
  return {
    name: folder.name,
    version: folder.version,
    format: formatOf(mapping, columns),
    fits: atFirstUse(() => around.quickAjv.compile(folder.schema.value as object)),
    validate,
    layout: {
      arrays: mapping.records.flatMap((block) => arrayPaths(block, source)),
      isNumber: numberColumns(mapping, source),
    },
    fromCells: mapping.format.kind === 'csv' ? objectOf(columns, generated.under('cells')) : undefined,
    readDate: compileReferenceDate(mapping, source, note, generated.under('reference-date')),
    locate:
      mapping.region === undefined
        ? undefined
        : compileLocate(mapping.region, source, around.regions, generated.under('region')),
    blocks,
    readEntryKey:
      mapping.key === undefined
        ? undefined
        : entryKeyReader(mapping.key, source, around.placeholders, generated.under('entry-key')),
    entryKeyPath: source.below(mapping.key ?? '#'),
    lookups: compileLookups(mapping, around.placeholders),
    fieldsAt: fieldsAt(mapping, source),
    pathOf: pointerOf(mapping, source),
    fieldsOf: fieldReader(),
    note,
    check: around.rules.forDataset(
      statedBy(mapping),
      mapping.records.some(({ level, each }) => level === 'individu' && each !== undefined),
      pointerOf(mapping, source),
      generated.under('rules'),
    ),
    derive: around.derive,
    generated,
  }
}

/** Keys (`keluarga.alamat`) of the canonical variables that a mapping can fill. */
export function carriedBy(mapping: Mapping): Set<string> {
  const carries = new Set(
    mapping.records.flatMap((block) => Object.keys(block.fields).map((field) => `${block.level}.${field}`)),
  )
  const family = mapping.records.some((block) => block.level === 'keluarga')
  if (mapping.region !== undefined && family) for (const field of REGION_FIELDS) carries.add(`keluarga.${field}`)
  return carries
}

/**
 * Keys of the variables that every record can answer, so that a rule may ask for one that is empty. Left out is what is only
 * inferred. Left out is what comes from a list that names only those who have something. Left out is what a person's row says
 * of the family under a condition: the head's name stands in the head's row alone.
 */
function statedBy(mapping: Mapping): Set<string> {
  const stated = carriedBy(mapping)
  const startsWithPerson = mapping.records[0]?.level === 'individu'
  for (const block of mapping.records) {
    for (const [field, rules] of Object.entries(block.fields)) {
      const partial = block.level === 'keluarga' && startsWithPerson
      const isStated = alternatives(rules).some((rule) => {
        const isSilent = rule.as === 'list' && rule.absent === undefined
        return rule.inferred !== true && !isSilent && !(partial && rule.when !== undefined)
      })
      if (!isStated) stated.delete(`${block.level}.${field}`)
    }
  }
  return stated
}

function compileOne(
  block: Block,
  at: Step[],
  source: ColumnAccess,
  note: Note,
  lists: Lists,
  placeOnPersons: boolean,
  around: Surroundings,
  compile: CompileText,
): CompiledBlock {
  const places = new Map<FieldRule, Step[]>()
  for (const [field, rules] of Object.entries(block.fields))
    for (const [place, rule] of ruleSteps(rules, [...at, 'fields', field])) places.set(rule, place)
  const keys = keyColumns(block)
  const below = (field: string) => {
    const rule = alternatives(block.fields[field] ?? [])[0]
    return source.below(columnsOf(rule?.from)[0] ?? '#')
  }
  const parts: BlockParts = {
    block,
    source,
    note,
    compile,
    placeholders: around.placeholders,
    placeOnPersons,
    convert: (rule, name, isExtension) =>
      ruleConverter(rule, { name, isExtension, level: block.level, at: places.get(rule) ?? at }, lists, around),
  }
  const [outer, inner] = arraysOf(block).map((column) => eachOf(column, source, compile))
  return {
    level: block.level,
    build: compileBlock(parts),
    fillOfHead: compileOfHead(parts),
    finish: compileFinish(fieldNames(block), compile),
    outer: inner === undefined ? undefined : outer,
    each: inner ?? outer,
    readKey: compileKey(block, source, around.placeholders, compile),
    isHashed: hashesKey(block),
    keyPath: source.below(keys[0] ?? '#'),
    identity: {
      name: below('nama'),
      birth: below('tanggal_lahir'),
      carriesNik: block.fields.nomor_induk_kependudukan !== undefined,
      carriesSex: block.fields.jenis_kelamin !== undefined,
      placeholders: around.placeholders,
    },
    heads: Object.entries(block.fields).flatMap(([field, rules]) =>
      alternatives(rules).flatMap(({ head }) => (head === undefined ? [] : [headFiller(field, head, compile)])),
    ),
  }
}

function entryKeyReader(column: string, source: ColumnAccess, placeholders: Placeholders, compile: CompileText) {
  const read = columnReader(source, column, compile)
  return (record: Json) => keyText(read(record), placeholders)
}

function eachOf(column: string, source: ColumnAccess, compile: CompileText): NonNullable<CompiledBlock['each']> {
  const path = source.below(column)
  const paths = Array.from({ length: USUAL_MEMBERS }, (_, index) => `${path}/${index}`)
  return { read: columnReader(source, column, compile), path, paths }
}

function headFiller(field: string, of: string, compile: CompileText): CompiledBlock['heads'][number] {
  const body = `return (family, head) => {
  const value = head.fields[${JSON.stringify(of)}]
  if (value !== undefined) family.fields[${JSON.stringify(field)}] = value
}`
  return compile(`from-head/${field}`, {}, body) as CompiledBlock['heads'][number]
}

function compileSchema(ajv: Ajv2020, folder: DatasetFolder, diagnostics: Diagnostics) {
  try {
    return ajv.compile(folder.schema.value as object)
  } catch (cause) {
    diagnostics.add(folder.schema.at(), `Ajv cannot use this schema: ${(cause as Error).message}. Correct it.`)
    return undefined
  }
}

function formatOf(mapping: Mapping, columns: string[]): SourceFormat {
  const { format } = mapping
  if (format.kind === 'ndjson') return { kind: 'ndjson' }
  const decimals = decimalsOf(mapping)
  const signs = Object.keys(decimals).length === 0 ? {} : { decimals }
  return { kind: 'csv', delimiter: format.delimiter, columns, encodings: format.encodings, ...signs }
}

/** The decimal sign of the columns that are read with another than the point. */
function decimalsOf(mapping: Mapping): Record<string, string> {
  const rules = mapping.records.flatMap((block) => [
    ...Object.values(block.fields).flatMap(alternatives),
    ...[...extensionsOf(block).values()].flat(),
  ])
  return Object.fromEntries(
    rules.flatMap(({ from, decimal }) =>
      decimal === undefined || decimal === '.' ? [] : columnsOf(from).map((column) => [column, decimal]),
    ),
  )
}

function objectOf(columns: string[], compile: CompileText): (cells: Json) => Json {
  const lines = columns.map((column, index) => `  ${JSON.stringify(column)}: cells[${index}],\n`)
  return compile('object', {}, `return (cells) => ({\n${lines.join('')}})`) as (cells: Json) => Json
}

/** The schema was compiled once to see that it can be. Of many versions of many datasets a process meets records of a few. */
function atFirstUse(compile: () => ValidateFunction): (record: Json) => boolean {
  let fits: ValidateFunction | undefined
  return (record) => {
    fits ??= compile()
    return fits(record)
  }
}
