import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Command } from 'commander'
import { versionsOf } from '../../catalogue/choose.ts'
import { draftFolder } from '../../catalogue/onboarding/folder.ts'
import { readSample } from '../../catalogue/onboarding/sample.ts'
import { sniff } from '../../catalogue/onboarding/sniff.ts'
import { readParts } from '../../catalogue/registry.ts'
import { TitianError } from '../../domain/error.ts'
import { Diagnostics } from '../../language/diagnostics.ts'
import type { CliContext } from '../context.ts'
import { registryFiles, registryRoots, throwawayDerive } from './local-registry.ts'
import { unpacked } from './unpacked.ts'

type Options = { from: string; out?: string }

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/
const SAMPLE_BYTES = 32 * 1024 * 1024

/** `titian dataset new`: a first folder for a layout, from a file of it. */
export function newCommand(context: CliContext): Command {
  return new Command('new')
    .description(
      'Draft a dataset folder from a sample file; no value of the sample goes into it but labels of code lists',
    )
    .argument('<name>', 'name of the dataset, such as sleman-warga; a known one gets its next version')
    .requiredOption('--from <file>', 'sample: CSV of any delimiter, NDJSON or a JSON array, also as .gz or .zst')
    .option('--out <dir>', 'registry folder to write into; without it TITIAN_REGISTRY, else the built-in one')
    .action(async (name: string, { from, out }: Options) => {
      if (!NAME.test(name))
        throw new TitianError('bad-request', `${name}: a dataset is named in small letters, digits and single hyphens`)
      const files = await registryFiles(context.env)
      const registry = readParts(files, throwawayDerive(), new Diagnostics())
      const version = nextVersion(versionsOf(registry.versions, name).at(-1)?.version)
      const folder = join(out ?? registryRoots(context.env).at(-1) ?? '', 'datasets', name, version)
      await refuseExisting(folder)
      const sample = readSample(sniff(await readHead(from)))
      const draft = draftFolder(sample, { name, version }, files, registry)
      for (const [path, text] of draft.files) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
      for (const path of draft.files.keys()) context.out(join(folder, path))
      context.err(`${draft.questions.length} questions are open: see "To decide" in ${join(folder, 'README.md')}.`)
      for (const { file, ask } of draft.questions) context.err(`  ${file}: ${ask}`)
      context.err(`Then: titian dataset test ${name}; titian check --dataset ${name} ${from}`)
    })
}

function nextVersion(last: string | undefined): string {
  return last === undefined ? '1' : String(Number(last.split('.')[0]) + 1)
}

async function refuseExisting(folder: string): Promise<void> {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  )
  if (isThere) throw new TitianError('bad-request', `${folder} is there already: remove it or choose another name`)
}

/** A sample may be a whole export: its beginning is enough, up to its last whole line. */
async function readHead(path: string): Promise<Buffer> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of unpacked(path)) {
    pieces.push(piece)
    size += piece.length
    if (size > SAMPLE_BYTES) break
  }
  const bytes = Buffer.concat(pieces)
  return size > SAMPLE_BYTES ? bytes.subarray(0, bytes.lastIndexOf(10) + 1) : bytes
}
