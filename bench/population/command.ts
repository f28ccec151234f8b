import { join } from 'node:path'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { compileRegistry } from '../../src/catalogue/registry.ts'
import { writePopulation } from './files.ts'
import { writeFolder } from './folder.ts'
import type { Recipe } from './people.ts'

/** Writes a population to a folder; the layouts are those of the registry. Tells what was written. */
export async function writePopulationTo(folder: string, recipe: Recipe): Promise<Record<string, number>> {
  const files = await readRegistry([join(import.meta.dirname, '../../src/registry')])
  const registry = compileRegistry(files, (identity) => identity)
  const written = writePopulation(recipe, (name) => {
    const format = registry.datasets.get(name)?.format
    if (format === undefined) throw new Error(`the registry has no ${name}`)
    return format
  })
  await writeFolder(folder, written)
  const persons = written.populace.flatMap(({ families }) => families.flatMap(({ members }) => members)).length
  return { persons, files: written.files.length, rows: written.truth.length }
}
