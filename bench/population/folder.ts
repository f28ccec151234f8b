import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Written } from './files.ts'

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
