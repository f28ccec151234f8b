import type { Canonical } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'
import type { FieldRule, Mapping } from '../mapping/mapping.ts'
import { type CodeRow, type CodeTable, canonicalRows, checkTargets, readCodes, spellingsOf, tableFor } from './codes.ts'

type List = { rows: CodeRow[]; spellings: ReadonlyMap<string, string[]>; document: Document; at: string[] }

/** The code lists that a mapping can name: its own, the shared ones, those in place, and the canonical one of the variable. */
export class Lists {
  readonly #lists = new Map<string, List>()
  readonly #used = new Set<string>()
  readonly #canonical: Canonical
  readonly #mapping: Document
  readonly #diagnostics: Diagnostics

  constructor(
    own: ReadonlyMap<string, Document>,
    shared: ReadonlyMap<string, Document>,
    mapping: Document,
    canonical: Canonical,
    diagnostics: Diagnostics,
  ) {
    this.#canonical = canonical
    this.#mapping = mapping
    this.#diagnostics = diagnostics
    for (const [name, document] of own) this.#add(name, document, ['rows'])
    for (const [name, document] of shared) this.#add(`shared/${name}`, document, ['rows'])
  }

  /** The table of a rule for one variable (`keluarga.alamat`), or undefined (with a diagnostic) where the list does not exist. */
  table(rule: FieldRule, key: string, at: Step[]): CodeTable | undefined {
    const variable = this.#canonical.variables.get(key)
    const target = variable?.codelist == null ? undefined : this.#canonical.codelists.get(variable.codelist)
    const field = key.slice(key.indexOf('.') + 1)
    if (rule.codes === undefined || rule.codes === 'canonical') {
      if (target !== undefined) {
        const { rows, spellings } = canonicalRows(target)
        return tableFor(rows, spellings, field)
      }
      this.#diagnostics.add(this.#mapping.at(...at), `${key} has no canonical code list. Name a list with "codes".`)
      return undefined
    }
    const list = typeof rule.codes === 'string' ? this.#named(rule.codes, at) : this.#inPlace(rule.codes, at)
    if (list === undefined) return undefined
    const declared = (list.document.value as { codelist?: unknown } | null)?.codelist
    if (typeof rule.codes === 'string' && target !== undefined && declared !== undefined && declared !== target.name)
      this.#diagnostics.add(
        this.#mapping.at(...at, 'codes'),
        `The list "${rule.codes}" says that its codes are of ${declared}, and ${field} takes codes of ${target.name}. Name another list, or take "codelist" out of it.`,
      )
    checkTargets(list.rows, field, target, (label, text) =>
      this.#diagnostics.add(list.document.at(...list.at, label), text),
    )
    return tableFor(list.rows, list.spellings, field)
  }

  /** Diagnostics for the lists of the dataset that no rule names. */
  reportUnused(own: ReadonlyMap<string, Document>): void {
    for (const [name, document] of own) {
      if (!this.#used.has(name))
        this.#diagnostics.add(document.at(), 'No rule of the mapping names this list. Use it or remove it.')
    }
  }

  #add(name: string, document: Document, at: string[]): void {
    const rows = (document.value as { rows?: unknown } | null)?.rows
    this.#lists.set(name, listOf(document, name, rows, at, this.#diagnostics))
  }

  #named(name: string, at: Step[]): List | undefined {
    const list = this.#lists.get(name)
    this.#used.add(name)
    if (list === undefined) {
      const advice = didYouMean(name, [...this.#lists.keys(), 'canonical'], `Add codes/${name}.yaml.`)
      this.#diagnostics.add(this.#mapping.at(...at, 'codes'), `There is no code list "${name}". ${advice}`)
    }
    return list
  }

  #inPlace(rows: Mapping | Record<string, unknown>, at: Step[]): List {
    return listOf(this.#mapping, 'in place', rows, [...at.map(String), 'codes'], this.#diagnostics)
  }
}

function listOf(document: Document, name: string, rows: unknown, at: string[], diagnostics: Diagnostics): List {
  const spellings = new Map(Object.entries(rows ?? {}).map(([label, entry]) => [label, spellingsOf(entry)]))
  return { rows: readCodes(document, name, rows, at, diagnostics), spellings, document, at }
}
