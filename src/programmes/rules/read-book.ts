import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'
import type { Canonical, Variable } from '../../language/canonical.ts'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import { type Document, readYaml } from '../../language/document.ts'
import { answersOf } from '../../language/rules/answers.ts'
import type { GenerationContext } from '../../language/rules/generate.ts'
import { GeneratedCode } from '../../language/rules/generated-code.ts'
import { aidVariable, type FactRules } from '../facts/facts.ts'
import { type Aid, AidsFile, type Overlap, OverlapsFile, type Programme, ProgrammeFile } from '../programme.ts'
import { type CompiledProgramme, compileProgramme } from './compile-programme.ts'
import { readProgrammeCondition } from './conditions.ts'
import { runExamples } from './examples.ts'

type Files = ReadonlyMap<string, { file: string; text: string }>

/** All programmes of the registry, compiled. */
export type ProgrammeBook = {
  /** The versions of each programme, in the order of their dates. */
  programmes: ReadonlyMap<string, readonly CompiledProgramme[]>
  overlaps: readonly Overlap[]
  facts: FactRules
  /** The canonical schema with the variables of aids. */
  canonical: Canonical
  /** What a changed rule is compiled with. */
  context: Omit<GenerationContext, 'compile'>
}

/** Reads `programmes/` and runs the examples; what is wrong becomes a diagnostic. */
export function readProgrammes(files: Files, canonical: Canonical, diagnostics: Diagnostics): ProgrammeBook {
  const answers = new Map([...canonical.codelists].map(([name, list]) => [name, answersOf(list)]))
  const context = {
    answersOf: (list: string) => answers.get(list) ?? new Set<string>(),
    // No test of a programme asks for it.
    districtOfBps: () => undefined,
  }
  const aidsFile = read(files, 'programmes/aids.yaml', AidsFile, diagnostics)
  const aids = aidsFile?.value.aids ?? []
  const extended = withAids(canonical, aids)
  const facts = { aids, unanswered: unansweredOf(aidsFile, canonical, diagnostics) }
  for (const [at, { stated }] of aids.entries()) {
    if (aidsFile !== undefined && stated !== undefined && !canonical.variables.has(`keluarga.${stated}`))
      diagnostics.add(aidsFile.document.at('aids', at, 'stated'), `There is no variable keluarga.${stated}.`)
  }
  const overlaps = readOverlaps(files, aids, extended, diagnostics)
  const compiled: CompiledProgramme[] = []
  for (const path of [...files.keys()].sort()) {
    const [, name, version] = /^programmes\/([a-z][a-z0-9-]*)\/([0-9a-z.-]+)\.yaml$/.exec(path) ?? []
    if (name === undefined || version === undefined) continue
    const found = read(files, path, ProgrammeFile, diagnostics)
    if (found === undefined) continue
    const before = diagnostics.list.length
    const programme = programmeOf(name, version, found, extended, diagnostics)
    if (diagnostics.list.length > before) continue
    const compile = new GeneratedCode(`programmes/${name}@${version}`).under('programme')
    const one = compileProgramme(programme, overlaps, { ...context, compile })
    runExamples(one, facts, found.document, diagnostics)
    compiled.push(one)
  }
  const programmes = Map.groupBy(compiled, ({ programme }) => programme.name)
  for (const versions of programmes.values()) checkDates(versions, files, diagnostics)
  return { programmes, overlaps, facts, canonical: extended, context }
}

/** The version of a programme that is in force on a day. */
export function inForce(versions: readonly CompiledProgramme[], day: string): CompiledProgramme | undefined {
  return versions.find(({ programme: { valid } }) => valid.from <= day && (valid.to === null || day <= valid.to))
}

function read<T extends TSchema>(
  files: Files,
  path: string,
  shape: T,
  diagnostics: Diagnostics,
): { document: Document; value: Static<T> } | undefined {
  const file = files.get(path)
  const document = file && readYaml(file.file, file.text, diagnostics)
  if (document === undefined) return undefined
  if (Value.Check(shape, document.value)) return { document, value: document.value }
  for (const { instancePath, message } of Value.Errors(shape, document.value)) {
    const steps = instancePath.split('/').slice(1)
    diagnostics.add(document.at(...steps), `This ${message}. programmes/README.md says what stands here.`)
  }
  return undefined
}

function programmeOf(
  name: string,
  version: string,
  { document, value }: { document: Document; value: Static<typeof ProgrammeFile> },
  canonical: Canonical,
  diagnostics: Diagnostics,
): Programme {
  const { settings = [], assumptions = [], undecidable = [], criteria, ...rest } = value
  const codes = new Set<string>()
  for (const [at, { min, max, value: number }] of settings.entries()) {
    if (number < min || number > max)
      diagnostics.add(document.at('settings', at, 'value'), `Give a value from ${min} to ${max}.`)
  }
  return {
    ...rest,
    ...{ name, version, settings, assumptions, undecidable },
    written: new Map(criteria.map(({ code, when }) => [code, when])),
    criteria: criteria.map(({ when, ...criterion }, at) => {
      if (codes.has(criterion.code))
        diagnostics.add(
          document.at('criteria', at, 'code'),
          'Give this criterion another code: it stands here already.',
        )
      codes.add(criterion.code)
      const complain = (place: readonly (string | number)[], text: string) =>
        diagnostics.add(document.at('criteria', at, ...place), text)
      const condition = readProgrammeCondition(when, ['when'], { canonical, unit: value.unit, settings, complain })
      return { ...criterion, condition }
    }),
  }
}

function readOverlaps(
  files: Files,
  aids: readonly Aid[],
  canonical: Canonical,
  diagnostics: Diagnostics,
): readonly Overlap[] {
  const found = read(files, 'programmes/overlaps.yaml', OverlapsFile, diagnostics)
  const names = aids.map(({ name }) => name)
  return (found?.value.overlaps ?? []).map(({ component, ...row }, at): Overlap => {
    const place = (...steps: (string | number)[]) => found?.document.at('overlaps', at, ...steps)
    const complain = (steps: readonly (string | number)[], text: string) => {
      const where = place(...steps)
      if (where !== undefined) diagnostics.add(where, text)
    }
    if (!names.includes(row.held))
      complain(
        ['held'],
        `There is no aid "${row.held}". ${didYouMean(row.held, names, `aids.yaml has ${names.join(', ')}.`)}`,
      )
    const variable = aidVariable({ name: row.held })
    const holding = { test: 'in', of: { var: `${row.unit}.${variable}` }, settings: { value: ['1'] } }
    if (component === undefined) return { ...row, holding }
    const { when, ...texts } = component
    const reading = { canonical, unit: 'keluarga' as const, settings: [], complain }
    return { ...row, component: texts, holding, part: readProgrammeCondition(when, ['component', 'when'], reading) }
  })
}

/** The canonical schema, and for each aid whether the household or the person holds it. */
function withAids({ variables, codelists }: Canonical, aids: readonly Aid[]): Canonical {
  const more = aids.flatMap((aid) =>
    (['keluarga', 'individu'] as const).map((level): [string, Variable] => {
      const name = aidVariable(aid)
      const labels = { label_id: aid.title.id, label_en: aid.title.en }
      const key = `${level}.${name}`
      return [key, { key, name, level, type: 'code', codelist: 'ya_tidak', additive: false, ...labels }]
    }),
  )
  return { variables: new Map([...variables, ...more]), codelists }
}

function unansweredOf(
  found: { document: Document; value: Static<typeof AidsFile> } | undefined,
  { variables, codelists }: Canonical,
  diagnostics: Diagnostics,
): Map<string, ReadonlySet<string>> {
  const codes = new Map<string, ReadonlySet<string>>()
  for (const [list, listed] of Object.entries(found?.value.unanswered ?? {})) {
    if (found !== undefined && !codelists.has(list))
      diagnostics.add(found.document.at('unanswered', list), `There is no code list "${list}".`)
    for (const { key, codelist } of variables.values()) if (codelist === list) codes.set(key, new Set(listed))
  }
  return codes
}

function checkDates(versions: readonly CompiledProgramme[], files: Files, diagnostics: Diagnostics): void {
  const sorted = versions.toSorted((a, b) => (a.programme.valid.from < b.programme.valid.from ? -1 : 1))
  for (const [at, { programme }] of sorted.entries()) {
    const next = sorted[at + 1]?.programme
    const isOver = programme.valid.to !== null && (next === undefined || programme.valid.to < next.valid.from)
    if (next === undefined || isOver) continue
    const file = files.get(`programmes/${next.name}/${next.version}.yaml`)?.file ?? next.name
    diagnostics.add(
      { file, line: 1, field: 'valid' },
      `Version ${programme.version} holds on ${next.valid.from} too. End it the day before.`,
    )
  }
}
