import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { SourceFormat } from '../../src/domain/dataset.ts'
import { diceOf } from '../population/dice.ts'
import { writePopulation } from '../population/files.ts'
import { readFolder } from '../population/folder.ts'
import { commonNames } from '../population/names/nation.ts'
import { issuedFrom } from '../population/numbers.ts'
import type { Recipe } from '../population/people.ts'
import type { TruthRow } from '../population/text.ts'

/** A file of a population, read when its turn comes: only one is in memory at a time. */
export type Source = {
  platform: string
  dataset: string
  path: string
  read(): Promise<{ text: string; truth: readonly TruthRow[] }>
}

// A larger population is made in parts of so many persons. They share numbers, keys and names, so parts are no islands.
const PART_PERSONS = 50_000
const PART_FAMILIES = 100_000

/** Draws a population and writes its files to a folder, part by part. */
export async function writeSources(
  recipe: Recipe,
  folder: string,
  formatOf: (dataset: string) => SourceFormat,
): Promise<Source[]> {
  const parts = Math.ceil(recipe.persons / PART_PERSONS)
  const shared = { issued: issuedFrom(diceOf(recipe.seed * 101 + 7)), ...(recipe.nation && { common: commonNames() }) }
  const sources: Source[] = []
  for (let part = 0; part < parts; part++) {
    const seed = part === 0 ? recipe.seed : recipe.seed * 1009 + part
    const persons = Math.min(PART_PERSONS, recipe.persons - part * PART_PERSONS)
    const drawn = { ...shared, first: part * PART_FAMILIES }
    const { files, truth } = writePopulation({ ...recipe, seed, persons }, formatOf, drawn)
    const rowsOf = Map.groupBy(truth, ({ file }) => file)
    for (const { text, ...file } of files) {
      const path = join(folder, String(part), file.path)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
      await writeFile(`${path}.truth`, (rowsOf.get(file.path) ?? []).map((row) => JSON.stringify(row)).join('\n'))
      sources.push({ ...file, read: () => readSource(path) })
    }
  }
  return sources
}

/** The files of a folder of samples and their truth. */
export async function listFolder(folder: string): Promise<Source[]> {
  const { files, truth } = await readFolder(folder)
  const rowsOf = Map.groupBy(truth, ({ file }) => file)
  return files.map(({ text, ...file }) => ({
    ...file,
    read: async () => ({ text, truth: rowsOf.get(file.path) ?? [] }),
  }))
}

async function readSource(path: string): Promise<{ text: string; truth: TruthRow[] }> {
  const [text, rows] = await Promise.all([readFile(path, 'utf8'), readFile(`${path}.truth`, 'utf8')])
  return { text, truth: rows === '' ? [] : rows.split('\n').map((row) => JSON.parse(row) as TruthRow) }
}
