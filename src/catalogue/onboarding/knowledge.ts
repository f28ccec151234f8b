import { normalizeLabel, spellingsOf } from '../../clean/codes/codes.ts'
import { alternatives, columnsOf, type FieldRule } from '../../clean/mapping/mapping.ts'
import type { Json } from '../../domain/entry.ts'
import type { CodeList, Variable } from '../../language/canonical.ts'
import type { CompiledDataset, Registry } from '../registry.ts'
import { likeness, wordsOf } from './similar.ts'

/** What a label means for a variable, as a row of a code list would say it. */
export type Known = { entry: Json; label: string; isDisputed: boolean }

/** A variable that a column may be, and how sure that is. */
export type Candidate = { variable: Variable; score: number }

type KnowledgeRegistry = Pick<Registry, 'canonical' | 'versions' | 'crosswalks'>

const EXACT = 0.97

/** What the canonical schema and the datasets that are there already teach about names and labels. */
export class Knowledge {
  readonly #registry: KnowledgeRegistry
  /** By the words of a column: the variables that other datasets map it to, and how many do. */
  readonly #columns = new Map<string, Map<string, number>>()
  readonly #labels = new Map<string, Map<string, Known>>()
  readonly #frequency = new Map<string, number>()

  constructor(registry: KnowledgeRegistry) {
    this.#registry = registry
    for (const variable of registry.canonical.variables.values()) {
      for (const word of new Set(namesOf(variable).flat()))
        this.#frequency.set(word, (this.#frequency.get(word) ?? 0) + 1)
    }
    for (const dataset of registry.versions.values()) if (dataset.mapping.draft !== true) this.#learn(dataset)
  }

  /** The variables of a level that a column may be, by its name, the likeliest first. */
  candidates(column: string, level: 'keluarga' | 'individu'): Candidate[] {
    const words = wordsOf(column)
    const learnt = this.#columns.get(words.join(' '))
    const weight = (word: string) => 1 / (1 + Math.log(1 + (this.#frequency.get(word) ?? 0)))
    return [...this.#registry.canonical.variables.values()]
      .filter((variable) => variable.level === level)
      .map((variable) => {
        const score = Math.max(...namesOf(variable).map((name) => likeness(words, name, weight)))
        const votes = learnt?.get(variable.key) ?? 0
        return { variable, score: votes > 0 ? Math.max(score, EXACT + votes / 1000) : score }
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
  }

  /** Labels with their codes for a variable, by the normalised label: canonical ones in both languages, then those of other datasets. */
  labels(variable: Variable): ReadonlyMap<string, Known> {
    const labels = new Map<string, Known>()
    const codes = this.codesOf(variable).filter(({ merges }) => merges === undefined)
    for (const { code, label_id } of codes) labels.set(normalizeLabel(label_id), canonical(label_id, code))
    for (const { code, label_en } of codes)
      if (!labels.has(normalizeLabel(label_en))) labels.set(normalizeLabel(label_en), canonical(label_en, code))
    for (const [label, known] of this.#labels.get(variable.key) ?? []) if (!labels.has(label)) labels.set(label, known)
    for (const { code, label_id } of codes)
      for (const part of label_id.split('/'))
        if (!labels.has(normalizeLabel(part))) labels.set(normalizeLabel(part), canonical(part, code))
    return labels
  }

  /** The canonical variable of a key such as `individu.nama`. */
  variable(key: string): Variable | undefined {
    return this.#registry.canonical.variables.get(key)
  }

  /** The canonical codes of a variable. */
  codesOf({ codelist }: Variable): CodeList['codes'] {
    return this.#registry.canonical.codelists.get(codelist ?? '')?.codes ?? []
  }

  /** The label of a canonical code. */
  labelOf(variable: Variable, code: string): string {
    return this.codesOf(variable).find((known) => known.code === code)?.label_id ?? ''
  }

  #learn(dataset: CompiledDataset): void {
    for (const block of dataset.mapping.records) {
      for (const [field, rules] of Object.entries(block.fields)) {
        const key = `${block.level}.${field}`
        for (const rule of alternatives(rules)) {
          const [column, ...others] = columnsOf(rule.from)
          if (column === undefined || others.length > 0) continue
          if (rule.inferred !== true && rule.when === undefined) {
            const words = wordsOf(column).join(' ')
            const votes = this.#columns.get(words) ?? new Map<string, number>()
            this.#columns.set(words, votes.set(key, (votes.get(key) ?? 0) + 1))
          }
          this.#learnLabels(dataset, rule, key, field)
        }
      }
    }
  }

  #learnLabels(dataset: CompiledDataset, rule: FieldRule, key: string, field: string): void {
    const known = this.#labels.get(key) ?? new Map<string, Known>()
    this.#labels.set(key, known)
    for (const [label, entry] of Object.entries(this.#rowsOf(dataset, rule.codes))) {
      // A number means what it means in its own list only.
      for (const spelling of [label, ...spellingsOf(entry)])
        if (/[a-z]/i.test(spelling)) learn(known, spelling, entryFor(entry, field))
    }
  }

  #rowsOf(dataset: CompiledDataset, codes: FieldRule['codes']): Record<string, Json> {
    if (codes === undefined) return {}
    if (typeof codes !== 'string') return codes
    const document = codes.startsWith('shared/')
      ? this.#registry.crosswalks.get(codes.slice('shared/'.length))
      : dataset.folder.codes.get(codes)
    return (document?.value as { rows?: Record<string, Json> } | undefined)?.rows ?? {}
  }
}

/** What a row says of one variable, without its further spellings. */
function entryFor(entry: Json, field: string): Json {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry
  const { spellings: _, note: __, ...rest } = entry
  const to = rest.to
  if (typeof to === 'object' && to !== null && !Array.isArray(to)) return entryFor(to[field] ?? null, field)
  return Object.keys(rest).length === 1 && rest.to !== undefined ? rest.to : rest
}

function canonical(label: string, entry: string): Known {
  return { entry, label, isDisputed: false }
}

/** A plain code outweighs candidates or silence; where two datasets mean different codes, a person has to say. */
function learn(labels: Map<string, Known>, label: string, entry: Json): void {
  const normal = normalizeLabel(label)
  const known = labels.get(normal)
  if (known === undefined || (typeof known.entry !== 'string' && typeof entry === 'string'))
    labels.set(normal, { entry, label, isDisputed: false })
  else if (typeof entry === 'string' && entry !== known.entry) known.isDisputed = true
}

function namesOf({ name, label_id }: Variable): string[][] {
  return [wordsOf(name), ...(label_id === undefined ? [] : [wordsOf(label_id)])]
}
