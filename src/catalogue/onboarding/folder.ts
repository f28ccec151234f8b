import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import type { RegistryFiles } from '../../clean/mapping/folder.ts'
import { Diagnostics, sentence } from '../../language/diagnostics.ts'
import type { DatasetExample } from '../examples.ts'
import { type CompiledDataset, type Registry, readParts } from '../registry.ts'
import { Knowledge } from './knowledge.ts'
import { propose } from './propose.ts'
import { renderReadme } from './readme.ts'
import { recordSchema, titleOf } from './record-schema.ts'
import { questionsOf, renderList, renderMapping } from './render.ts'
import { restate } from './restate.ts'
import type { Sample } from './sample.ts'
import { synthesize } from './synthetic.ts'

/** A dataset folder that was drafted: its files by their path in it, and what a person has to decide. */
export type DraftFolder = { files: Map<string, string>; questions: { file: string; ask: string }[] }

/** Drafts the folder of a dataset version from a sample; the registry's own files tell what names and labels mean. */
export function draftFolder(
  sample: Sample,
  { name, version }: { name: string; version: string },
  registryFiles: RegistryFiles,
  registry: Registry,
): DraftFolder {
  const title = titleOf(name)
  const draft = propose(sample, name, new Knowledge(registry), registry.regions)
  const files = new Map([
    ['mapping.yaml', renderMapping(draft, title, sample.source)],
    ['schema.json', `${JSON.stringify(recordSchema(sample, draft, title), null, 2)}\n`],
    ...draft.lists.map((list) => [`codes/${list.name}.yaml`, renderList(list)] as const),
    ['README.md', renderReadme(sample, draft, title)],
  ])
  const dataset = compileDraft(files, { name, version }, registryFiles)
  const village = registry.regions.anyVillage()
  if (village === undefined) throw new Error('the registry has no village')
  const made = (isDamaged: boolean) => synthesize(sample, draft, registry.regions, village, isDamaged)
  files.set(
    'examples/utuh.json',
    exampleOf(dataset, { title: 'A made-up record with everything', in: made(false), out: [] }),
  )
  files.set(
    'examples/rusak.json',
    exampleOf(dataset, { title: 'The same without name, NIK and No. KK', in: made(true), findings: [] }),
  )
  return { files, questions: questionsOf(draft) }
}

/** A draft that the engine refuses is a diagnostic of the drafting. */
function compileDraft(
  files: ReadonlyMap<string, string>,
  { name, version }: { name: string; version: string },
  registryFiles: RegistryFiles,
): CompiledDataset {
  const diagnostics = new Diagnostics()
  const whole = new Map(registryFiles)
  const folder = `datasets/${name}/${version}/`
  for (const [path, text] of [...files, ['examples/none.json', '{}'] as const])
    whole.set(folder + path, { file: folder + path, text })
  const dataset = readParts(whole, (identity) => identity, diagnostics).versions.get(`${name}@${version}`)
  if (dataset === undefined)
    throw new Error(`the draft cannot be compiled:\n${diagnostics.list.map(sentence).join('\n')}`)
  return dataset
}

/** The record with what the draft makes of it: right or wrong is for a person to say. */
function exampleOf(dataset: CompiledDataset, example: DatasetExample): string {
  return `${JSON.stringify(restate(dataset, example, ANYWHERE), null, 2)}\n`
}
