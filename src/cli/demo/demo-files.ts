import { readdir } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { TitianError } from '../../domain/error.ts'

/** A sample file and whose it is: the folder is the platform, the name the dataset. */
export type DemoFile = { platform: string; dataset: string; path: string }

const PACKED = ['.gz', '.zst']
const KINDS = ['.ndjson', '.jsonl', '.json', '.csv', '.psv', '.txt']
const NOT_A_PLATFORM = 'truth'

/** Finds `<folder>/<platform>/<dataset>.<kind>`; in names of files `_` stands for the `-` of a dataset's name. */
export async function findDemoFiles(folder: string): Promise<DemoFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new TitianError('config-invalid', `${folder} cannot be read`, { cause })
  })
  const platforms = entries
    .filter((entry) => entry.isDirectory() && entry.name !== NOT_A_PLATFORM)
    .map(({ name }) => name)
  const files: DemoFile[] = []
  for (const platform of platforms.sort()) {
    for (const name of (await readdir(join(folder, platform))).sort()) {
      const plain = PACKED.includes(extname(name)) ? basename(name, extname(name)) : name
      if (!KINDS.includes(extname(plain))) continue
      const dataset = basename(plain, extname(plain)).replaceAll('_', '-')
      files.push({ platform, dataset, path: join(folder, platform, name) })
    }
  }
  if (files.length === 0) throw new TitianError('config-invalid', `${folder} holds no <platform>/<dataset> files`)
  return files
}
