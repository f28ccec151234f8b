import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import { dayNumber, yearsBetween } from '../../language/calendar.ts'
import { Memory } from '../codes/value-cache.ts'
import type { Convert, Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import type { Source } from '../mapping/column-access.ts'
import { alternatives, type Block, columnsOf, extensionsOf, type Rule, templateColumns } from '../mapping/mapping.ts'
import { conditionOf } from '../mapping/when.ts'
import { codeText, joiner, plain, splitter, templater, within } from './assemble.ts'
import { infer, type Work } from './entry-draft.ts'
import { isDamaged, keyText } from './record-key.ts'

/** Makes one canonical record of one part of a source record; what is empty is undefined until the record is finished. */
export type BuildRecord = (row: Json, root: Json, place: number, path: string, work: Work) => CanonicalRecord

export type BlockParts = {
  block: Block
  source: Source
  note: Note
  placeholders: Placeholders
  /** The village goes to the extensions of a person, where no family record carries it. */
  placeOnPersons: boolean
  /** The compiled converter of a rule for a variable or an extension, and whether its values repeat. */
  convert(rule: Rule, name: string, isExtension: boolean): { convert: Convert; repeats: boolean }
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

/** The fields that a block can fill, in their order. */
export function fieldNames(block: Block): string[] {
  const own = Object.keys(block.fields)
  return block.level === 'keluarga' ? [...REGION_FIELDS, ...own] : own
}

/**
 * Compiles a block into one JavaScript function, as Ajv does with a schema: closures over column names would look every property up
 * through megamorphic caches, which costs as much again as parsing the record. Values are gathered in locals; the objects are made of
 * them at the end.
 */
export function compileBlock(parts: BlockParts): BuildRecord {
  const { block } = parts
  const code = new Code(parts)
  const fields = Object.entries(block.fields).map(([name, rules]) => code.field(name, alternatives(rules), false))
  const extensions = [...extensionsOf(block)].map(([name, rules]) => code.field(name, rules, true))
  const links = code.links()
  const start = `level: ${quote(block.level)}, key: '', path, fields: undefined, extensions: undefined, candidates: undefined`
  const lines = [
    `const spot = work.place`,
    `const record = { ${start}, inferred: undefined, asOf: work.asOf, household: undefined, headNik: undefined }`,
    `let v, x, text`,
    ...code.locals(),
    ...fields,
    `record.fields = ${code.fieldsObject()}`,
    ...extensions,
    ...links,
    ...code.assignExtensions(),
    `return record`,
  ]
  const names = [...code.constants.keys()]
  const make = new Function(...names, `return function build(row, root, place, path, work) {\n${lines.join('\n')}\n}`)
  return make(...code.constants.values()) as BuildRecord
}

function ageOn(born: string | undefined, today: number): number | undefined {
  const years = yearsBetween(dayNumber(born), today)
  return Number.isNaN(years) ? undefined : years
}

/** Writes the JavaScript of a block. Everything that is not a name or a number reaches it as a constant. */
class Code {
  readonly constants: Map<string, unknown>
  readonly #parts: BlockParts
  /** The local that gathers each field, and each extension. */
  readonly #fields = new Map<string, string>()
  readonly #extensions = new Map<string, string>()

  constructor(parts: BlockParts) {
    this.#parts = parts
    this.constants = new Map<string, unknown>([
      ['note', parts.note],
      ['plain', plain],
      ['codeText', codeText],
      ['isDamaged', isDamaged],
      ['keyText', (value: Json | undefined) => keyText(value, parts.placeholders)],
      ['within', within],
      ['infer', infer],
      ['ageOn', ageOn],
    ])
    for (const name of Object.keys(parts.block.fields)) this.#fields.set(name, `f${this.#fields.size}`)
  }

  locals(): string[] {
    return [...this.#fields.values(), ...this.#extensions.values()].map((local) => `let ${local}`)
  }

  field(name: string, rules: Rule[], isExtension: boolean): string {
    if (isExtension) this.#extensions.set(name, `e${this.#extensions.size}`)
    const branches = rules
      .filter((rule) => rule.head === undefined)
      .map((rule) => ({ rule, body: this.#rule(name, rule, isExtension) }))
    const text = branches.map(({ rule, body }) => {
      return rule.when === undefined ? `{ ${body} }` : `if (${this.#condition(rule.when)}) { ${body} }`
    })
    return text.join(' else ')
  }

  links(): string[] {
    const { block, source } = this.#parts
    const lines: string[] = []
    if (block.household !== undefined) {
      const { scheme, key } = block.household
      lines.push(
        `v = keyText(${source.read(key)}); if (v !== '') record.household = { scheme: ${quote(scheme)}, key: v }`,
        `if (v === '' && isDamaged(${source.read(key)})) work.say('key-damaged', ${source.pointer(key)}, 'warning')`,
        `if (v !== '' && v !== plain(${source.read(key)})) work.say('key-tidied', ${source.pointer(key)})`,
      )
    }
    if (block.headNik !== undefined) {
      const { convert } = this.#parts.convert({ from: block.headNik, as: 'nik' }, 'headNik', true)
      lines.push(`v = ${source.read(block.headNik)}
        if (v !== undefined && v !== null && v !== '') { x = ${this.#constant('head', convert)}(v, note, undefined); if (x !== undefined) record.headNik = x; ${this.#note(block.headNik, 'headNik')} }`)
    }
    return lines
  }

  fieldsObject(): string {
    const value = (name: string) => this.#fields.get(name) ?? `spot?.fields.${name}`
    const parts = fieldNames(this.#parts.block).map((name) => `${quote(name)}: ${value(name)}`)
    return `{ ${parts.join(', ')} }`
  }

  /** An object literal where all are filled, as they mostly are; what was kept beside the fields comes after. */
  assignExtensions(): string[] {
    const own = [...this.#extensions]
    const all = own.map(([, local]) => `${local} !== undefined`).join(' && ')
    const spots = [
      ...(this.#parts.block.level === 'keluarga' ? [] : ['more.kode_kelurahan_desa = spot.bps']),
      `if (spot.kemendagri !== undefined) more.kode_kelurahan_desa_kemendagri = spot.kemendagri`,
    ]
    const hasSpot = this.#parts.block.level === 'keluarga' || this.#parts.placeOnPersons
    return [
      `let more`,
      ...(own.length === 0
        ? []
        : [
            `if (${all}) more = { ${own.map(([name, local]) => `${quote(name)}: ${local}`).join(', ')} }`,
            `else {`,
            ...own.map(([name, local]) => `if (${local} !== undefined) (more ??= {})[${quote(name)}] = ${local}`),
            `}`,
          ]),
      `if (record.extensions !== undefined) {`,
      `if (more === undefined) more = record.extensions`,
      `else for (const name in record.extensions) more[name] = record.extensions[name]`,
      `}`,
      ...(hasSpot ? [`if (spot !== undefined) {`, `more ??= {}`, ...spots, `}`] : []),
      `if (more !== undefined) record.extensions = more`,
    ]
  }

  #rule(name: string, rule: Rule, isExtension: boolean): string {
    const infers = !isExtension && rule.inferred === true ? `infer(record, ${quote(name)});` : ''
    const local = (isExtension ? this.#extensions : this.#fields).get(name)
    const store = `{ ${local} = x; ${infers} }`
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
    return `${value} if (${filled}) { ${this.#conversion(rule, name, isExtension, column)} if (x !== undefined && x !== null) ${store} }${missing}`
  }

  /** From `v` to `x`. What repeats is remembered, unless something was said about it or another column had a part in it. */
  #conversion(rule: Rule, name: string, isExtension: boolean, column: string): string {
    const { convert, repeats } = this.#parts.convert(rule, name, isExtension)
    const beside = typeof rule.century === 'object' ? this.#parts.source.read(rule.century.age) : 'undefined'
    const converted = `x = ${this.#constant('convert', convert)}(v, note, ${beside}); ${this.#note(column, name)};`
    if (!repeats) return converted
    const memory = this.#constant('memory', new Memory<string | number | null>())
    return `x = ${memory}.recall(v); if (x === undefined) { ${converted} else ${memory}.keep(v, x ?? null) }`
  }

  /** A function for what a conversion says beside its value: most say nothing, and what some say on every record has its own stores. */
  #note(column: string, name: string): string {
    const { source, note } = this.#parts
    const [from, to] = [quote(source.name(column)), quote(name)]
    const text = `return (work, record, path, value) => {
      if (note.code !== '' || note.keepAs !== undefined) return work.take(record, note, ${source.pointer(column)}, ${from}, ${to}, value)
      if (note.keep) (record.extensions ??= {})[${from}] = value
      if (note.candidates !== undefined) (record.candidates ??= {})[${to}] = note.candidates
      if (note.inferred) infer(record, ${to})
      note.clear()
    }`
    const listen = new Function('note', 'infer', text)(note, infer)
    return `if (note.said) ${this.#constant('listen', listen)}(work, record, path, v)`
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
          return `ageOn(${this.#fields.get('tanggal_lahir')}, work.today)`
        }
        if (name.startsWith('keluarga.')) return `work.records[0]?.fields[${quote(name.slice(9))}]`
        return this.#fields.get(name) ?? (REGION_FIELDS.includes(name) ? `spot?.fields.${name}` : 'undefined')
      },
    })
  }

  #constant(kind: string, value: unknown): string {
    const name = `${kind}${this.constants.size}`
    this.constants.set(name, value)
    return name
  }
}
