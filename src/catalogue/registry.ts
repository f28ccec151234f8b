import type { Rulebook } from '../clean/clean-here.ts'
import type { Surroundings } from '../clean/compile/compile.ts'
import { readPlaceholders } from '../clean/converters/placeholders.ts'
import { FINDINGS } from '../clean/findings.ts'
import type { DatasetFolder, RegistryFiles } from '../clean/mapping/folder.ts'
import type { Mapping } from '../clean/mapping/mapping.ts'
import { newAjv } from '../clean/mapping/schema.ts'
import { Regions } from '../clean/regions/regions.ts'
import { checkLookups } from '../clean/verify/lookups.ts'
import type { Dataset } from '../domain/dataset.ts'
import type { FindingText } from '../domain/finding.ts'
import type { Platform } from '../domain/platform.ts'
import type { TurnBack } from '../domain/results/way-back.ts'
import type { Canonical, CodeList, Variable } from '../language/canonical.ts'
import { type Diagnostic, Diagnostics } from '../language/diagnostics.ts'
import { didYouMean } from '../language/did-you-mean.ts'
import { type Document, readJson, readYaml } from '../language/document.ts'
import { checkRules } from '../language/rules/check.ts'
import type { GeneratedCode } from '../language/rules/generated-code.ts'
import { compileRules, type RuleBook } from '../language/rules/rulebook.ts'
import { type ProgrammeBook, readProgrammes } from '../programmes/rules/read-book.ts'
import type { ResultCatalogue } from '../results/catalogue.ts'
import { compileDatasets } from './compile-datasets.ts'
import { testExamples } from './examples.ts'
import { readPlatforms } from './platforms.ts'
import { readResultCatalogue } from './result-catalogue.ts'

/** A dataset version with what the catalogue, the report and the onboarding tools need of its folder. */
export type CompiledDataset = Dataset & {
  folder: DatasetFolder
  mapping: Mapping
  carries: ReadonlySet<string>
  /** The reverse of its mapping; compiled when it is first used, which intake and workers that only clean never do. */
  turnBack: TurnBack
  /** The JavaScript that it was compiled to. */
  generated: GeneratedCode
}

/** The whole registry, compiled. */
export type Registry = {
  /** The newest version of each dataset that is no draft, by name. */
  datasets: ReadonlyMap<string, CompiledDataset>
  /** Every version, by `name@version`. */
  versions: ReadonlyMap<string, CompiledDataset>
  platforms: ReadonlyMap<string, Platform>
  canonical: Canonical
  /** The shared code lists (`canonical/crosswalks/`), by name. */
  crosswalks: ReadonlyMap<string, Document>
  regions: Regions
  rules: RuleBook
  /** Aid programmes, and which aids block them. */
  programmes: ProgrammeBook
  /** Every code that `clean` can give, with its texts. */
  findings: Record<string, FindingText>
  /** `canonical/survivorship.yaml` as it stands; the link stage reads it. */
  survivorship: unknown
  /** The reasons and programmes that results may name. */
  results: ResultCatalogue
  /** `linkage/model.json` as it stands; the link stage reads it. */
  linkage: string
  /** Mistakes of dataset versions that are drafts. These are left out, and everything else works. */
  draftFaults: readonly Diagnostic[]
}

/** Compiles the files of a registry; throws one `registry-invalid` that lists every diagnostic. `derive` makes the key of a row without one. */
export function compileRegistry(files: RegistryFiles, derive: (identity: string) => string): Registry {
  const diagnostics = new Diagnostics()
  const registry = tryRegistry(files, derive, diagnostics)
  diagnostics.throwIfAny()
  return registry
}

/** As `compileRegistry`, for tools that go on when something is wrong: a dataset with a diagnostic is left out. */
export function tryRegistry(
  files: RegistryFiles,
  derive: (identity: string) => string,
  diagnostics: Diagnostics,
): Registry {
  const registry = readParts(files, derive, diagnostics)
  for (const dataset of registry.versions.values())
    diagnostics.within(dataset.folder.isDraft, () => testExamples(dataset, registry.platforms, diagnostics))
  return registry
}

/**
 * What entries are cleaned by, without running the examples. Each dataset version is compiled when it is first asked for: a process
 * meets few of them. Throws `registry-invalid` then, where a version cannot be compiled.
 */
export function openRulebook(files: RegistryFiles, derive: (identity: string) => string): Rulebook {
  const diagnostics = new Diagnostics()
  const { around, crosswalks, platforms } = readSurroundings(files, derive, diagnostics)
  diagnostics.throwIfAny()
  const compiled = new Map<string, CompiledDataset | undefined>()
  return {
    platforms: platformsOf(platforms),
    versions: {
      get(name) {
        if (!compiled.has(name)) {
          compiled.set(name, compileDatasets(filesOf(name, files), crosswalks, around).get(name))
          diagnostics.throwIfAny()
        }
        return compiled.get(name)
      },
    },
  }
}

/** The files of one dataset version (`name@version`), with those that are no dataset's. */
function filesOf(name: string, files: RegistryFiles): RegistryFiles {
  const folder = `datasets/${name.replace('@', '/')}/`
  return new Map([...files].filter(([path]) => !path.startsWith('datasets/') || path.startsWith(folder)))
}

/** What all datasets of a registry are compiled with, and who may push them. */
function readSurroundings(files: RegistryFiles, derive: (identity: string) => string, diagnostics: Diagnostics) {
  const canonical = readCanonical(files, diagnostics)
  const regions = readRegions(files)
  const rules = readRules(files, canonical, regions, diagnostics)
  const around: Surroundings = {
    canonical,
    regions,
    rules,
    placeholders: readPlaceholders(yaml(files, 'canonical/placeholders.yaml', diagnostics)?.value),
    ajv: newAjv(),
    quickAjv: newAjv({ allErrors: false, often: true }),
    diagnostics,
    derive,
  }
  const platforms = readPlatforms(files, { canonical, regions }, diagnostics)
  const crosswalks = sharedLists(files, diagnostics)
  return { around, platforms, crosswalks }
}

function platformsOf(platforms: ReturnType<typeof readPlatforms>): Map<string, Platform> {
  return new Map([...platforms].map(([name, { platform }]) => [name, platform]))
}

/** As `tryRegistry`, without running the examples. */
export function readParts(
  files: RegistryFiles,
  derive: (identity: string) => string,
  diagnostics: Diagnostics,
): Registry {
  const { around, platforms, crosswalks } = readSurroundings(files, derive, diagnostics)
  const { canonical, regions, rules } = around
  const versions = compileDatasets(files, crosswalks, around)
  for (const version of versions.values())
    diagnostics.within(version.folder.isDraft, () => checkLookups(version, versions, diagnostics))
  const datasets = newest(versions)
  for (const [name, { platform, document }] of platforms) {
    for (const [index, dataset] of platform.datasets.entries()) {
      const isKnown = [...files.keys()].some((path) => path.startsWith(`datasets/${dataset}/`))
      if (!isKnown)
        diagnostics.add(
          document.at('datasets', index),
          `${name} names the dataset "${dataset}", which does not exist. ${didYouMean(dataset, new Set([...versions.values()].map((version) => version.name)), 'Add its folder or remove it.')}`,
        )
    }
  }
  return {
    datasets,
    versions,
    platforms: platformsOf(platforms),
    canonical,
    crosswalks,
    regions,
    rules,
    programmes: readProgrammes(files, canonical, diagnostics),
    findings: { ...FINDINGS, ...rules.findings },
    survivorship: yaml(files, 'canonical/survivorship.yaml', diagnostics)?.value,
    results: readResultCatalogue(files, diagnostics),
    linkage: files.get('linkage/model.json')?.text ?? '',
    draftFaults: diagnostics.drafts,
  }
}

function newest(versions: Map<string, CompiledDataset>): Map<string, CompiledDataset> {
  const latest = new Map<string, CompiledDataset>()
  for (const dataset of versions.values()) {
    if (dataset.mapping.draft === true) continue
    const other = latest.get(dataset.name)
    if (other === undefined || compareVersions(dataset.version, other.version) > 0) latest.set(dataset.name, dataset)
  }
  return latest
}

/** Orders versions by their numbers: 1.10 is after 1.9. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function readCanonical(files: RegistryFiles, diagnostics: Diagnostics): Canonical {
  const variables = json(files, 'canonical/variables.json', diagnostics)?.value as
    | { variables?: Variable[] }
    | undefined
  const codelists = new Map<string, CodeList>()
  for (const path of files.keys()) {
    if (!/^canonical\/codelists\/[^/]+\.json$/.test(path)) continue
    const list = json(files, path, diagnostics)?.value as CodeList | undefined
    if (list !== undefined) codelists.set(list.name, list)
  }
  return { variables: new Map((variables?.variables ?? []).map((variable) => [variable.key, variable])), codelists }
}

function readRegions(files: RegistryFiles): Regions {
  const text = (name: string) => files.get(`regions/${name}.csv`)?.text ?? ''
  const variants = text('village-name-variants')
  return new Regions({
    provinces: text('provinces'),
    regencies: text('regencies'),
    districts: text('districts'),
    villages: text('villages'),
    variants,
  })
}

function readRules(files: RegistryFiles, canonical: Canonical, regions: Regions, diagnostics: Diagnostics): RuleBook {
  const documents = [...files].filter(([path]) => /^rules\/.+\.yaml$/.test(path)).map(([, file]) => file)
  const { rules, problems } = checkRules(documents, canonical)
  for (const { file, line, message } of problems) diagnostics.add({ file, line, field: '' }, message)
  const districtOfBps = (code: string) => regions.district(code)
  return compileRules(problems.length > 0 ? [] : rules, { codelists: canonical.codelists, districtOfBps })
}

function sharedLists(files: RegistryFiles, diagnostics: Diagnostics): Map<string, Document> {
  const lists = new Map<string, Document>()
  for (const path of files.keys()) {
    const name = /^canonical\/crosswalks\/([^/]+)\.yaml$/.exec(path)?.[1]
    const document = name === undefined ? undefined : yaml(files, path, diagnostics)
    if (name !== undefined && document !== undefined) lists.set(name, document)
  }
  return lists
}

function yaml(files: RegistryFiles, path: string, diagnostics: Diagnostics): Document | undefined {
  const file = files.get(path)
  return file === undefined ? undefined : readYaml(file.file, file.text, diagnostics)
}

function json(files: RegistryFiles, path: string, diagnostics: Diagnostics): Document | undefined {
  const file = files.get(path)
  if (file !== undefined) return readJson(file.file, file.text, diagnostics)
  diagnostics.add({ file: path, line: 1, field: '' }, 'This file is missing. Add it.')
  return undefined
}
