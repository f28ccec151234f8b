import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const MIGRATIONS = join(import.meta.dirname, 'migrations')

/** A migration: its name as the database keeps it, and whether code that does not know it cannot live with its tables. */
export type MigrationFile = { name: string; isBreaking: boolean }

/** All migrations of a folder in their order. */
export async function readMigrations(folder = MIGRATIONS): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted()
  return Promise.all(
    names.map(async (file) => ({
      name: file.replace(/\.sql$/, ''),
      isBreaking: (await readFile(join(folder, file), 'utf8')).startsWith('-- breaking\n'),
    })),
  )
}

/** The newest migration that this code knows. */
export async function newestMigration(): Promise<string> {
  return (await readMigrations()).at(-1)?.name ?? ''
}
