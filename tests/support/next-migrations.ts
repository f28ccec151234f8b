import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MIGRATIONS } from '../../src/io/postgres/migration.file.ts'

/** The migrations of a version to come: those of now, and one more. */
export async function migrationsWith(name: string, text: string) {
  const path = await mkdtemp(join(tmpdir(), 'titian-migrations-'))
  await cp(MIGRATIONS, path, { recursive: true })
  await writeFile(join(path, `${name}.sql`), text)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
