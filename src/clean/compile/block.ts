import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import { isRegionField, REGION_FIELDS } from '../../domain/region.ts'
import { dayNumber, yearsBetween } from '../../language/calendar.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { Memory } from '../codes/value-cache.ts'
import type { Convert, Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import {
  alternatives,
  type Block,
  columnsOf,
  extensionsOf,
  type FieldRule,
  templateColumns,
} from '../mapping/mapping.ts'
import { codeText, isWithin, joiner, plain, splitter, templater } from './assemble.ts'
import type { ColumnAccess } from './column-access.ts'
import { type EntryDraft, infer } from './entry-draft.ts'
import { isDamaged, keyText } from './record-key.ts'
import { conditionOf } from './when.ts'

/** Makes one canonical record of one part of a source record. An empty field is undefined until the record is finished. */
export type BuildRecord = (row: Json, root: Json, place: number, path: string, work: EntryDraft) => CanonicalRecord

export type BlockParts = {
  block: Block
  source: ColumnAccess
  note: Note
  compile: CompileText
  placeholders: Placeholders
  /** The village goes to the extensions of a person, where no family record carries it. */
  placeOnPersons: boolean
  /** The compiled converter of a rule for a variable or an extension, and whether its values repeat. */
  convert(rule: FieldRule, name: string, isExtension: boolean): { convert: Convert; repeats: boolean }
}

const quote = (value: unknown) => JSON.stringify(value)

/** The fields that a block can fill, in their order. */
export function fieldNames(block: Block): string[] {
  const own = Object.keys(block.fields)
  return block.level === 'keluarga' ? [...REGION_FIELDS, ...own] : own
}

/**
 * Compiles a block into one JavaScript function, as Ajv does with a schema. Closures over column names would look every property
 * up through megamorphic caches, which costs as much again as parsing the record.
 * The function gathers values in locals and makes the objects of them at the end.
 */
export function compileBlock(parts: BlockParts): BuildRecord {
  const { block } = parts
  const code = new BlockCode(parts)
  const fields = Object.entries(block.fields).map(([name, rules]) => code.field(name, alternatives(rules), false))
  const extensions = [...extensionsOf(block)].map(([name, rules]) => code.field(name, rules, true))
  const links = code.links()
  const start = `level: ${quote(block.level)}, key: '', path, fields: undefined, extensions: undefined, candidates: undefined`
  const lines = [
    `const spot = work.place`,
    `const record = { ${start}, inferred: undefined, asOf: work.asOf, region: work.region, household: undefined, headNik: undefined }`,
    `let v, x, text`,
    code.locals(),
    ...fields,
    `record.fields = ${code.fieldsObject()}`,
    ...extensions,
    ...links,
    ...code.assignExtensions(),
    `return record`,
  ]
  const body = `return function build(row, root, place, path, work) {\n${lines.join('\n')}\n}`
  return parts.compile(`build-${block.level}`, Object.fromEntries(code.constants), body) as BuildRecord
}

function yearsOn(born: string | undefined, today: number): number | undefined {
  const years = yearsBetween(dayNumber(born), today)
  return Number.isNaN(years) ? undefined : years
}

/** Writes the JavaScript of a block. Texts go in through JSON, functions as constants; nothing else of a mapping gets in. */
class BlockCode {
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
      ['isWithin', isWithin],
      ['infer', infer],
      ['yearsOn', yearsOn],
    ])
    for (const name of Object.keys(parts.block.fields)) this.#fields.set(name, `f${this.#fields.size}`)
  }

  locals(): string {
    return `let ${[...this.#fields.values(), ...this.#extensions.values(), 'more'].join(', ')}`
  }

  field(name: string, rules: FieldRule[], isExtension: boolean): string {
    if (isExtension) this.#extensions.set(name, `e${this.#extensions.size}`)
    const branches = rules
      .filter((rule) => rule.head === undefined)
      .map((rule) => ({ rule, body: this.#rule(name, rule, isExtension) }))
    const text = branches.map(({ rule, body }) => {
      return rule.when === undefined ? `{\n${body}\n}` : `if (${this.#condition(rule.when)}) {\n${body}\n}`
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
if (v !== undefined && v !== null && v !== '') {
x = ${this.#constant('head', convert)}(v, note, undefined)
if (x !== undefined) record.headNik = x
${this.#note(block.headNik, 'headNik')}
}`)
    }
    return lines
  }

  fieldsObject(): string {
    const value = (name: string) => this.#fields.get(name) ?? `spot?.fields.${name}`
    const parts = fieldNames(this.#parts.block).map((name) => `${quote(name)}: ${value(name)},\n`)
    return `{\n${parts.join('')}}`
  }

  /** Makes the extensions: an object literal where all are filled, as they mostly are. What was kept of refused values follows. */
  assignExtensions(): string[] {
    const own = [...this.#extensions]
    const all = own.map(([, local]) => `${local} !== undefined`).join(' && ')
    const spots = [
      ...(this.#parts.block.level === 'keluarga' ? [] : ['more.kode_kelurahan_desa = spot.bps']),
      `if (spot.kemendagri !== undefined) more.kode_kelurahan_desa_kemendagri = spot.kemendagri`,
    ]
    const hasSpot = this.#parts.block.level === 'keluarga' || this.#parts.placeOnPersons
    return [
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

  #rule(name: string, rule: FieldRule, isExtension: boolean): string {
    const infers = !isExtension && rule.inferred === true ? `\ninfer(record, ${quote(name)})` : ''
    const local = (isExtension ? this.#extensions : this.#fields).get(name)
    const store = `${local} = x${infers}`
    if (rule.constant !== undefined) return `x = ${quote(rule.constant)}\n${store}`
    const { source } = this.#parts
    if (rule.count !== undefined)
      return `v = ${source.read(rule.count)}\nif (Array.isArray(v)) {\nx = v.length\n${store}\n}`
    const column = columnsOf(rule.from)[0] ?? templateColumns(rule.template ?? '')[0] ?? ''
    const filled = rule.as === 'list' ? `v !== undefined && v !== null` : `v !== undefined && v !== null && v !== ''`
    const missing = rule.required === true ? ` else work.say('value-missing', ${source.pointer(column)})` : ''
    const value = `v = ${this.#value(rule)}`
    if (isExtension && rule.as === undefined && rule.codes === undefined) {
      return `${value}\nif (${filled}) {\nx = v\n${store}\n}${missing}`
    }
    const conversion = this.#conversion(rule, name, isExtension, column)
    return `${value}\nif (${filled}) {\n${conversion}\nif (x !== undefined && x !== null) {\n${store}\n}\n}${missing}`
  }

  /** Converts `v` to `x`. A value that repeats is remembered, unless the converter said something about it. */
  #conversion(rule: FieldRule, name: string, isExtension: boolean, column: string): string {
    const { convert, repeats } = this.#parts.convert(rule, name, isExtension)
    const beside = typeof rule.century === 'object' ? this.#parts.source.read(rule.century.age) : 'undefined'
    const converted = `x = ${this.#constant('convert', convert)}(v, note, ${beside})\n${this.#note(column, name)}`
    if (!repeats) return converted
    const memory = this.#constant('memory', new Memory<string | number | null>())
    return `x = ${memory}.recall(v)\nif (x === undefined) {\n${converted}\nelse ${memory}.keep(v, x ?? null)\n}`
  }

  /**
   * Writes the call that takes what a converter said beside its value. It is a function of its own, since most say nothing; what some
   * say on every record is stored without the slower `work.take`.
   */
  #note(column: string, name: string): string {
    const { source, note, compile } = this.#parts
    const [from, to] = [quote(source.name(column)), quote(name)]
    const body = `return (work, record, path, value) => {
      if (note.code !== '' || note.keepAs !== undefined) return work.take(record, note, ${source.pointer(column)}, ${from}, ${to}, value)
      if (note.keep) (record.extensions ??= {})[${from}] = value
      if (note.candidates !== undefined) (record.candidates ??= {})[${to}] = note.candidates
      if (note.inferred) infer(record, ${to})
      note.clear()
    }`
    const listen = compile(`note/${name}`, { note, infer }, body)
    return `if (note.said) ${this.#constant('listen', listen)}(work, record, path, v)`
  }

  #value(rule: FieldRule): string {
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

  #condition(when: NonNullable<FieldRule['when']>): string {
    return conditionOf(when, {
      column: this.#parts.source.read,
      field: (name) => {
        if (name === 'umur' && this.#parts.block.fields.umur === undefined) {
          return `yearsOn(${this.#fields.get('tanggal_lahir')}, work.today)`
        }
        if (name.startsWith('keluarga.')) return `work.records[0]?.fields[${quote(name.slice(9))}]`
        return this.#fields.get(name) ?? (isRegionField(name) ? `spot?.fields.${name}` : 'undefined')
      },
    })
  }

  #constant(kind: string, value: unknown): string {
    const name = `${kind}${this.constants.size}`
    this.constants.set(name, value)
    return name
  }
}
