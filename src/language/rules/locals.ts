import { REFERENCE_DATE } from './condition.ts'

/** The name of a variable without its level. */
export function bare(key: string): string {
  return key.slice(key.indexOf('.') + 1)
}

/** The locals of one generated function: each value is read, and each shared answer computed, once per record. */
export class Locals {
  readonly constants: unknown[] = []
  private readonly own: 'keluarga' | 'individu'
  private readonly read = new Map<string, string>()
  private readonly computed = new Map<string, string>()

  constructor(own: 'keluarga' | 'individu') {
    this.own = own
  }

  constant(value: unknown): string {
    const known = this.constants.indexOf(value)
    return `k${known === -1 ? this.constants.push(value) - 1 : known}`
  }

  /** The record that holds a variable: the one looked at, or the family of its entry. */
  holder(key: string): string {
    return key.startsWith(`${this.own}.`) ? 'record' : 'family'
  }

  value(key: string): string {
    return key === REFERENCE_DATE ? 'day' : named(this.read, 'v', `${this.holder(key)}Fields.${bare(key)}`)
  }

  once(expression: string): string {
    return named(this.computed, 'o', expression)
  }

  /** The text of the function. An expression that only one place uses stays there, so that it costs nothing where it is not reached. */
  body(lines: readonly string[]): string {
    let text = lines.join('\n')
    // From the last, since an expression may hold earlier ones.
    for (const [expression, name] of [...this.computed].reverse()) {
      const used = text.split(new RegExp(`\\b${name}\\b`))
      text = used.length > 2 ? `const ${name} = ${expression}\n${text}` : used.join(`(${expression})`)
    }
    const reads = [...this.read].map(([expression, name]) => `const ${name} = ${expression}`)
    return ['const recordFields = record.fields, familyFields = family.fields', ...reads, text].join('\n')
  }
}

function named(names: Map<string, string>, letter: string, expression: string): string {
  const name = names.get(expression) ?? `${letter}${names.size}`
  names.set(expression, name)
  return name
}
