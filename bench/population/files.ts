import type { SourceFormat } from '../../src/domain/dataset.ts'
import { type Dice, diceOf, shuffled } from './dice.ts'
import type { SourceName, Strike } from './errors/rates.ts'
import type { Recipe } from './people.ts'
import { type Drawn, type Populace, populate } from './population.ts'
import { type FamilySighting, look } from './sighting.ts'
import { carikRow } from './sources/carik.ts'
import { dtksRows } from './sources/dtks.ts'
import { jembranaRows } from './sources/jembrana.ts'
import { p3keRows } from './sources/p3ke.ts'
import type { Row } from './sources/row.ts'
import { smartKampungRows } from './sources/smart-kampung.ts'
import { sumedangRows } from './sources/sumedang.ts'
import { type File, type TruthRow, writeCsv, writeJson } from './text.ts'

/** The files of a population, and what each of their rows is. */
export type Written = { files: File[]; truth: TruthRow[]; populace: Populace[] }

const OWN: Record<string, { source: SourceName; rows: (family: FamilySighting, dice: Dice) => Row[] }> = {
  '31': { source: 'carik', rows: (family, dice) => [carikRow(family, dice)] },
  '3510': { source: 'smart_kampung', rows: smartKampungRows },
  '3211': { source: 'sumedang', rows: sumedangRows },
  '5101': { source: 'jembrana', rows: jembranaRows },
}

/** Draws a population, or a part of one, and writes down what its sources know; `formatOf` tells how a dataset is written. */
export function writePopulation(
  recipe: Recipe,
  formatOf: (dataset: string) => SourceFormat,
  drawn: Drawn = {},
): Written {
  const populace = populate(recipe, drawn)
  const written: Written = { files: [], truth: [], populace }
  for (const [at, region] of populace.entries()) {
    const dice = diceOf(recipe.seed * 101 + 51 + at)
    const { province, code } = region.region
    const put = (name: string, rows: readonly Row[], strike: Strike) => {
      const dataset = name.replaceAll('_', '-')
      const write = formatOf(dataset).kind === 'csv' ? writeCsv : writeJson
      const { file, truth } = write(
        { platform: region.region.platform, dataset, name, format: formatOf(dataset) },
        rows,
        strike,
        dice,
      )
      written.files.push(file)
      written.truth.push(...truth)
    }
    const own = OWN[code]
    if (own !== undefined) {
      const sight = look(own.source, region, recipe.dirt, dice)
      put(
        own.source,
        inSomeOrder(sight.families, dice).flatMap((family) => own.rows(family, dice)),
        sight.strike,
      )
    }
    const dtks = look('dtks', region, recipe.dirt, dice)
    const households = inSomeOrder(dtks.families, dice).map((family) => dtksRows(family, dice))
    put(
      'dtks_rumah_tangga',
      households.map(({ household }) => household),
      dtks.strike,
    )
    put(
      'dtks_individu',
      households.flatMap(({ persons }) => persons),
      dtks.strike,
    )
    const p3ke = look('p3ke', region, recipe.dirt, dice)
    const cards = inSomeOrder(p3ke.families, dice).map((family) => p3keRows(family, province))
    put(
      'p3ke_keluarga',
      cards.map(({ family }) => family),
      p3ke.strike,
    )
    put(
      'p3ke_individu',
      cards.flatMap(({ persons }) => persons),
      p3ke.strike,
    )
  }
  return written
}

function inSomeOrder(families: readonly FamilySighting[], dice: Dice): FamilySighting[] {
  return shuffled(families, dice)
}
