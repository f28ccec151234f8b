import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import type { Written } from './files.ts'
import type { File, TruthRow } from './text.ts'

/** Writes a population as a folder like the sample: a folder a platform, and the truth beside them. */
export async function writeFolder(folder: string, { files, truth, populace }: Written): Promise<void> {
  const put = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  for (const { path, text } of files) await put(path, text)
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  await put('truth/rows.ndjson', lines(truth))
  const persons = populace.flatMap(({ region, families }) =>
    families.flatMap(({ id, members }) =>
      members.map(({ id: person_id, birth: _, ...person }) => ({
        person_id,
        family_id: id,
        region: region.code,
        ...person,
      })),
    ),
  )
  await put('truth/persons.ndjson', lines(persons))
}

/** Reads the files of such a folder, and what their rows are. */
export async function readFolder(folder: string): Promise<Pick<Written, 'files' | 'truth'>> {
  const files: File[] = []
  const folders = await readdir(folder, { withFileTypes: true })
  for (const { name: platform } of folders.filter((entry) => entry.isDirectory() && entry.name !== 'truth')) {
    for (const name of await readdir(join(folder, platform))) {
      const dataset = basename(name, extname(name)).replaceAll('_', '-')
      const text = await readFile(join(folder, platform, name), 'utf8')
      files.push({ platform, dataset, path: `${platform}/${name}`, text })
    }
  }
  const rows = await readFile(join(folder, 'truth/rows.ndjson'), 'utf8')
  const truth = rows
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TruthRow)
  return { files, truth }
}
