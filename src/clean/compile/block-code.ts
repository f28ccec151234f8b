import type { Json } from '../../domain/entry.ts'
import { isRegionField, REGION_FIELDS } from '../../domain/region.ts'
import { dayNumber, yearsBetween } from '../../language/calendar.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { Memory } from '../codes/value-cache.ts'
import type { Convert, Note } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { type Block, columnsOf, type FieldRule, templateColumns } from '../mapping/mapping.ts'
import { codeText, contains, isWithin, joiner, plain, splitter, templater } from './assemble.ts'
import type { ColumnAccess } from './column-access.ts'
import { infer } from './entry-draft.ts'
import { isDamaged, keyText } from './record-key.ts'
import { conditionOf } from './when.ts'

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

function yearsOn(born: string | undefined, today: number): number | undefined {
  const years = yearsBetween(dayNumber(born), today)
  return Number.isNaN(years) ? undefined : years
}

/** Writes the JavaScript of a block. Texts go in through JSON, functions as constants; nothing else of a mapping gets in. */
export class BlockCode {
  readonly constants: Map<string, unknown>
  readonly #parts: BlockParts
  readonly #ofHead: boolean
  /** The local that gathers each field, and each extension. */
  readonly #fields = new Map<string, string>()
  readonly #extensions = new Map<string, string>()

  /**
   * `ofHead`: of the rules that read the columns of the head among the members, which run when all members are there. They
   * write into the record that stands, and only what is empty.
   */
  constructor(parts: BlockParts, ofHead = false) {
    this.#parts = parts
    this.#ofHead = ofHead
    this.constants = new Map<string, unknown>([
      ['note', parts.note],
      ['plain', plain],
      ['codeText', codeText],
      ['isDamaged', isDamaged],
      ['keyText', (value: Json | undefined) => keyText(value, parts.placeholders)],
      ['isWithin', isWithin],
      ['contains', contains],
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
    const own = rules.filter((rule) => rule.head === undefined && (rule.of === 'head') === this.#ofHead)
    // What stands behind a rule that always holds is never used.
    const always = own.findIndex(({ when }) => when === undefined)
    const branches = own
      .slice(0, always === -1 ? own.length : always + 1)
      .map((rule) => ({ rule, body: this.#rule(name, rule, isExtension) }))
    const text = branches.map(({ rule, body }) => {
      return rule.when === undefined ? `{\n${body}\n}` : `if (${this.#condition(rule.when)}) {\n${body}\n}`
    })
    const all = text.join(' else ')
    if (!this.#ofHead || all === '') return all
    return `if (${isExtension ? `record.extensions?.[${quote(name)}]` : `record.fields[${quote(name)}]`} === undefined) {\n${all}\n}`
  }

  /** A statement that ends the building of a row that the condition of the block leaves out; '' where it has none. */
  guard(): string {
    const { when } = this.#parts.block
    return when === undefined ? '' : `if (!(${this.#condition(when)})) return undefined`
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
    // The place may begin with a bracket, which would make a call of the line before.
    const store = `;${this.#place(name, isExtension)} = x${infers}`
    if (rule.constant !== undefined) return `x = ${quote(rule.constant)}\n${store}`
    const { source } = this.#parts
    if (rule.count !== undefined)
      return `v = ${source.read(rule.count)}\nif (Array.isArray(v)) {\nx = v.length\n${store}\n}`
    const column = columnsOf(rule.from)[0] ?? templateColumns(rule.template ?? '')[0] ?? ''
    const filled = rule.as === 'list' ? `v !== undefined && v !== null` : `v !== undefined && v !== null && v !== ''`
    const missing = this.#otherwise(rule, source.pointer(column), store)
    const value = `v = ${this.#value(rule)}`
    if (isExtension && rule.as === undefined && rule.codes === undefined) {
      return `${value}\nif (${filled}) {\nx = v\n${store}\n}${missing}`
    }
    const conversion = this.#conversion(rule, name, isExtension, column)
    return `${value}\nif (${filled}) {\n${conversion}\nif (x !== undefined && x !== null) {\n${store}\n}\n}${missing}`
  }

  /** Where a value goes: the local that gathers it, or the record itself once that stands. */
  #place(name: string, isExtension: boolean): string {
    if (this.#ofHead)
      return isExtension ? `(record.extensions ??= {})[${quote(name)}]` : `record.fields[${quote(name)}]`
    return (isExtension ? this.#extensions : this.#fields).get(name) ?? ''
  }

  /** What becomes of an empty value: nothing, a finding, or the answer that an empty cell stands for. */
  #otherwise(rule: FieldRule, pointer: string, store: string): string {
    if (rule.as === 'yes-no' && rule.absent !== undefined) return ` else {\nx = ${quote(rule.absent)}\n${store}\n}`
    return rule.required === true ? ` else work.say('value-missing', ${pointer})` : ''
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
          const born = this.#ofHead ? 'record.fields.tanggal_lahir' : this.#fields.get('tanggal_lahir')
          return `yearsOn(${born}, work.today)`
        }
        const other = /^(?:keluarga|individu)\.(.+)$/.exec(name)?.[1]
        if (other !== undefined)
          return `${this.#parts.block.each?.includes('[]') ? 'family' : 'work.records[0]'}?.fields[${quote(other)}]`
        if (this.#ofHead) return `record.fields[${quote(name)}]`
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
