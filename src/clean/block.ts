import type { CanonicalRecord, Json } from '../domain/entry.ts'
import { joiner, plain, splitter, templater, within } from './assemble.ts'
import type { Convert, Note } from './converters/converter.ts'
import { ageOn } from './converters/date.ts'
import { alternatives, type Block, columnsOf, extensionsOf, type Rule, templateColumns } from './mapping.ts'
import type { Source } from './source.ts'
import { conditionOf } from './when.ts'
import { infer, type Work } from './work.ts'

/** Makes one canonical record of one part of a source record. */
export type BuildRecord = (row: Json, root: Json, place: number, path: string, work: Work) => CanonicalRecord

export type BlockParts = {
  block: Block
  source: Source
  note: Note
  /** The compiled converter of a rule, for a variable or an extension. */
  convert(rule: Rule, name: string, isExtension: boolean): Convert
}

const REGION_FIELDS = [
  'kode_provinsi',
  'provinsi',
  'kode_kabupaten_kota',
  'kabupaten_kota',
  'kode_kecamatan',
  'kecamatan',
  'kode_kelurahan_desa',
  'kelurahan_desa',
]
const quote = (value: unknown) => JSON.stringify(value)

/**
 * Compiles a block into one JavaScript function, as Ajv does with a schema: closures over column names would look every property up
 * through megamorphic caches, which costs as much again as parsing the record.
 */
export function compileBlock(parts: BlockParts): BuildRecord {
  const { block } = parts
  const code = new Code(parts)
  const start = block.level === 'keluarga' ? REGION_FIELDS.map((name) => `fields.${name} = spot.${name}`).join('; ') : ''
  const lines = [
    `const spot = work.place === undefined ? undefined : work.place.fields`,
    `const fields = new Fields()`,
    start === '' ? '' : `if (spot !== undefined) { ${start} }`,
    `const record = { level: ${quote(block.level)}, key: '', path, fields }`,
    `if (work.asOf !== undefined) record.asOf = work.asOf`,
    `let v, x, more`,
    ...Object.entries(block.fields).map(([name, rules]) => code.field(name, alternatives(rules), false)),
    ...[...extensionsOf(block)].map(([name, rules]) => code.field(name, rules, true)),
    code.joins(),
    `if (more !== undefined) record.extensions = record.extensions === undefined ? more : Object.assign(more, record.extensions)`,
    `return record`,
  ]
  const names = [...code.constants.keys()]
  const names_ = [...(start === '' ? [] : REGION_FIELDS), ...Object.keys(block.fields)].map((name) => `this[${quote(name)}] = 0`).join('; ')
  const make = new Function(...names, `const Fields = function () { if (note === undefined) { ${names_} } }; Fields.prototype = Object.prototype\nreturn function build(row, root, place, path, work) {\n${lines.join('\n')}\n}`)
  return make(...code.constants.values()) as BuildRecord
}

/** Writes the JavaScript of a block's fields. Everything that is not a name or a number reaches it as a constant. */
class Code {
  readonly constants: Map<string, unknown>
  readonly #parts: BlockParts

  constructor(parts: BlockParts) {
    this.#parts = parts
    this.constants = new Map<string, unknown>([
      ['note', parts.note],
      ['plain', plain],
      ['within', within],
      ['infer', infer],
      ['ageOn', ageOn],
    ])
  }

  field(name: string, rules: Rule[], isExtension: boolean): string {
    const branches = rules
      .filter((rule) => rule.head === undefined)
      .map((rule) => ({ rule, body: this.#rule(name, rule, isExtension) }))
    const text = branches.map(({ rule, body }) => {
      return rule.when === undefined ? `{ ${body} }` : `if (${this.#condition(rule.when)}) { ${body} }`
    })
    return text.join(' else ')
  }

  joins(): string {
    const { block, source } = this.#parts
    const lines: string[] = []
    if (block.household !== undefined) {
      const { scheme, key } = block.household
      lines.push(
        `v = plain(${source.read(key)}); if (v !== '') record.household = { scheme: ${quote(scheme)}, key: v }`,
      )
    }
    if (block.headNik !== undefined) {
      const convert = this.#constant('head', this.#parts.convert({ from: block.headNik, as: 'nik' }, 'headNik', true))
      lines.push(`v = ${source.read(block.headNik)}
        if (v !== undefined && v !== null && v !== '') { x = ${convert}(v, note, undefined); if (x !== undefined) record.headNik = x; ${this.#note(block.headNik, 'headNik')} }`)
    }
    return lines.join('\n')
  }

  #rule(name: string, rule: Rule, isExtension: boolean): string {
    const infers = rule.inferred === true ? `infer(record, ${quote(name)});` : ''
    const store = isExtension ? `(more ??= {})[${quote(name)}] = x` : `{ fields[${quote(name)}] = x; ${infers} }`
    if (rule.constant !== undefined) return `x = ${quote(rule.constant)}; ${store}`
    const { source } = this.#parts
    if (rule.count !== undefined)
      return `v = ${source.read(rule.count)}; if (Array.isArray(v)) { x = v.length; ${store} }`
    const column = columnsOf(rule.from)[0] ?? templateColumns(rule.template ?? '')[0] ?? ''
    const filled = rule.as === 'list' ? `v !== undefined && v !== null` : `v !== undefined && v !== null && v !== ''`
    const missing = rule.required === true ? ` else work.say('value-missing', ${source.pointer(column)})` : ''
    const value = `v = ${this.#value(rule)};`
    if (isExtension && rule.as === undefined && rule.codes === undefined) {
      return `${value} if (${filled}) { x = v; ${store} }${missing}`
    }
    const convert = this.#constant('convert', this.#parts.convert(rule, name, isExtension))
    const beside = typeof rule.century === 'object' ? source.read(rule.century.age) : 'undefined'
    return `${value} if (${filled}) { x = ${convert}(v, note, ${beside}); if (x !== undefined) ${store}; ${this.#note(column, name)} }${missing}`
  }

  #note(column: string, name: string): string {
    const { source } = this.#parts
    return `if (note.said) work.take(record, note, ${source.pointer(column)}, ${quote(source.name(column))}, ${quote(name)}, v)`
  }

  #value(rule: Rule): string {
    const { source } = this.#parts
    const columns = rule.template === undefined ? columnsOf(rule.from) : templateColumns(rule.template)
    const values = `[${columns.map(source.read).join(', ')}]`
    if (rule.template !== undefined) return `${this.#constant('fill', templater(rule.template))}(${values})`
    if (rule.join !== undefined || rule.pad !== undefined) {
      return `${this.#constant('join', joiner(rule.join ?? '', rule.pad))}(${values})`
    }
    if (rule.split !== undefined) {
      return `${this.#constant('split', splitter(rule.split.by, rule.split.part))}(${source.read(columns[0] ?? '')})`
    }
    return Array.isArray(rule.from) ? values : source.read(columns[0] ?? '')
  }

  #condition(when: NonNullable<Rule['when']>): string {
    return conditionOf(when, {
      column: this.#parts.source.read,
      field: (name) => {
        if (name === 'umur' && this.#parts.block.fields.umur === undefined) {
          return `(fields.tanggal_lahir !== undefined && work.asOf !== undefined ? ageOn(fields.tanggal_lahir, work.asOf) : undefined)`
        }
        return name.startsWith('keluarga.')
          ? `work.records[0]?.fields[${quote(name.slice(9))}]`
          : `fields[${quote(name)}]`
      },
    })
  }

  #constant(kind: string, value: unknown): string {
    const name = `${kind}${this.constants.size}`
    this.constants.set(name, value)
    return name
  }
}
