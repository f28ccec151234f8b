import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Command } from 'commander'
import { type DatasetExample, requireKinds, runExample } from '../../catalogue/examples.ts'
import { restate } from '../../catalogue/onboarding/restate.ts'
import { type CompiledDataset, type Registry, readParts } from '../../catalogue/registry.ts'
import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import { fieldsWithoutWay } from '../../clean/way-back/without-way.ts'
import { TitianError } from '../../domain/error.ts'
import { NO_WAY_BACK } from '../../domain/results/way-back.ts'
import { Diagnostics, sentence } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { CliContext } from '../context.ts'
import { registryFiles, throwawayDerive } from './local-registry.ts'

/** `titian dataset test`: the checks of the gateway's start, with what differs side by side. */
export function testCommand(context: CliContext): Command {
  return new Command('test')
    .description('Check dataset folders and run their examples; fails when one does not hold')
    .argument('[name]', 'dataset; without it all')
    .option('--accept', 'of a draft: take over what its examples give now, after you have looked at the differences')
    .action(async (name: string | undefined, { accept }: { accept?: true }) => {
      const files = await registryFiles(context.env)
      const names = new Set([...files.keys()].flatMap((path) => /^datasets\/([^/]+)\//.exec(path)?.[1] ?? []))
      if (name !== undefined && !names.has(name)) {
        const hint = didYouMean(name, names, 'Is TITIAN_REGISTRY set?')
        throw new TitianError('dataset-unknown', `There is no folder datasets/${name}/. ${hint}`)
      }
      const diagnostics = new Diagnostics()
      const registry = readParts(files, throwawayDerive(), diagnostics)
      const datasets = [...registry.versions.values()].filter((dataset) => name === undefined || dataset.name === name)
      let failed = 0
      for (const dataset of datasets) {
        if (accept) await acceptExamples(dataset, registry)
        else failed += testDataset(dataset, registry, diagnostics, context.out)
      }
      if (accept) return context.out(acceptedOf(datasets))
      const elsewhere = (file: string) => /datasets\/([^/]+)\//.exec(file)?.[1] !== name && file.includes('datasets/')
      const all = [...diagnostics.list, ...diagnostics.drafts]
      const own = all.filter(({ file }) => name === undefined || !elsewhere(file))
      for (const diagnostic of own) context.out(sentence(diagnostic))
      const others = diagnostics.list.filter((one) => !own.includes(one)).length
      if (others > 0)
        context.err(`${others} faults in other datasets also keep the gateway from starting: titian dataset test`)
      const versions = `${datasets.length} version${datasets.length === 1 ? '' : 's'}`
      context.out(
        failed + own.length === 0
          ? `All examples of ${versions} hold.`
          : `${failed} examples of ${versions} fail, ${own.length} faults in the files.`,
      )
      for (const dataset of datasets) if (dataset.folder.isDraft) sayWithoutWay(dataset, context.err)
      if (failed + own.length > 0) context.exit(1)
    })
}

/** Tells the author which results of BPS will come home without the columns that say them. */
function sayWithoutWay({ name, version, mapping }: CompiledDataset, say: (line: string) => void): void {
  const reasons = Map.groupBy(fieldsWithoutWay(mapping), ({ reason }) => reason)
  for (const [reason, fields] of reasons) {
    const keys = fields.map(({ key }) => key).join(', ')
    say(`${name} ${version}: no way back for ${keys}. ${NO_WAY_BACK[reason].en}.`)
  }
}

/** What `--accept` did: the examples of a published version stay as they are. */
function acceptedOf(datasets: readonly CompiledDataset[]): string {
  const versions = (isDraft: boolean) =>
    datasets
      .filter(({ mapping }) => (mapping.draft === true) === isDraft)
      .map(({ name, version }) => `${name} ${version}`)
      .join(', ')
  const [drafts, published] = [versions(true), versions(false)]
  const done = drafts === '' ? 'Nothing was changed' : `The examples of ${drafts} say what they give now`
  if (published === '') return `${done}.`
  return `${done}. Examples of what is published are changed by hand, with a reason: ${published}.`
}

/** Only drafts: what is published is changed by hand, with a reason. */
async function acceptExamples(dataset: CompiledDataset, { platforms }: Registry): Promise<void> {
  if (dataset.mapping.draft !== true) return
  for (const { file, value } of dataset.folder.examples) {
    const example = value as DatasetExample
    const platform = example.platform === undefined ? ANYWHERE : platforms.get(example.platform)
    if (platform === undefined) continue
    await writeFile(file, `${JSON.stringify(restate(dataset, example, platform), null, 2)}\n`)
  }
}

function testDataset(
  dataset: CompiledDataset,
  { platforms }: Registry,
  diagnostics: Diagnostics,
  out: (line: string) => void,
): number {
  const draft = dataset.mapping.draft === true ? ' (draft)' : ''
  out(`${dataset.name} ${dataset.version}${draft}`)
  requireKinds(dataset, diagnostics)
  let failed = 0
  for (const document of dataset.folder.examples) {
    const found = runExample(dataset, document, platforms, diagnostics)
    out(`  ${found.length === 0 ? 'holds' : 'FAILS'}  ${basename(document.file)}`)
    if (found.length > 0) failed += 1
    for (const { at, expected, actual } of found) {
      const { file, line } = document.at(...at.split('/'))
      out(`    ${file}:${line} ${at}`)
      for (const text of sideBySide(expected, actual)) out(`      ${text}`)
    }
  }
  return failed
}

/** Lists by what only one of them holds, everything else in full. */
function sideBySide(expected: unknown, actual: unknown): string[] {
  if (!Array.isArray(expected) || !Array.isArray(actual))
    return [`expected  ${show(expected)}`, `got       ${show(actual)}`]
  const has = (list: unknown[], item: unknown) => list.some((other) => show(other) === show(item))
  return [
    ...expected.filter((item) => !has(actual, item)).map((item) => `expected  ${show(item)}`),
    ...actual.filter((item) => !has(expected, item)).map((item) => `got       ${show(item)}`),
  ]
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
