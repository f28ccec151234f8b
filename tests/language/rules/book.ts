import { readdirSync, readFileSync } from 'node:fs'
import type { Canonical, CodeList, Variable } from '../../../src/language/canonical.ts'
import { checkRules } from '../../../src/language/rules/check.ts'
import { compileRules } from '../../../src/language/rules/rulebook.ts'

const REGISTRY = new URL('../../../src/registry/', import.meta.url)

function read(path: string): string {
  return readFileSync(new URL(path, REGISTRY), 'utf8')
}

function readCanonical(): Canonical {
  const { variables } = JSON.parse(read('canonical/variables.json')) as { variables: Omit<Variable, 'key'>[] }
  const keyed = variables.map((variable) => ({ ...variable, key: `${variable.level}.${variable.name}` }))
  const lists = readdirSync(new URL('canonical/codelists/', REGISTRY)).map(
    (file) => JSON.parse(read(`canonical/codelists/${file}`)) as CodeList,
  )
  return {
    variables: new Map(keyed.map((variable) => [variable.key, variable])),
    codelists: new Map(lists.map((list) => [list.name, list])),
  }
}

export const canonical = readCanonical()

const ruleFiles = readdirSync(new URL('rules/', REGISTRY))
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => ({ file: `rules/${name}`, text: read(`rules/${name}`) }))

/** The committed rule book. */
export const book = checkRules(ruleFiles, canonical)

/** Every variable there is: a dataset that carries everything. */
export const everything: ReadonlySet<string> = new Set(canonical.variables.keys())

/** Two districts whose codes tell the schemes apart. */
const DISTRICTS: Record<string, string> = { '3510020': '351013', '3172020': '317509' }

export const compiled = compileRules(book.rules, {
  codelists: canonical.codelists,
  districtOfBps: (district) => DISTRICTS[district],
})
