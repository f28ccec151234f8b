import { addClashes } from './clashes.ts'
import { type Dice, diceOf } from './dice.ts'
import { familyOf } from './family.ts'
import { type CommonNames, commonNames } from './names/nation.ts'
import { type Issued, issuedFrom } from './numbers.ts'
import type { Family, Recipe, Village } from './people.ts'
import { placesOf, REGIONS, type Region } from './regions.ts'

/** The true families of a region, villages that some of them have lived in before, and what is given away already. */
export type Populace = {
  region: Region
  families: Family[]
  villages: readonly Village[]
  beyond: readonly Village[]
  issued: Issued
}

/** Of one platform only; or as a part of a larger population, whose families are counted from `first` on. */
export type Drawn = { platform?: string; first?: number; issued?: Issued; common?: CommonNames }

/** Draws the true population: four regions in the shares of the sample. */
export function populate({ seed, persons, clash, nation = false }: Recipe, drawn: Drawn = {}): Populace[] {
  const { platform, first = 0, issued = issuedFrom(diceOf(seed * 101 + 7)) } = drawn
  const common = nation ? (drawn.common ?? commonNames()) : undefined
  const { numbers } = issued
  return REGIONS.flatMap((region, at) => {
    if (platform !== undefined && region.platform !== platform) return []
    const dice = diceOf(seed * 101 + 11 + at)
    const wanted = Math.round(persons * region.share)
    const { home, beyond } = placesOf(region, wanted, dice)
    const source = { region, villages: home, numbers, dice, common }
    const families = draw(wanted, (number) => familyOf(source, first + number))
    // In a nation chance alone makes namesakes.
    addClashes(families, { clash, areNamesakesMade: !nation }, numbers, dice)
    return { region, families, villages: home, beyond, issued }
  })
}

function draw(persons: number, familyOf: (number: number) => Family): Family[] {
  const families: Family[] = []
  for (let count = 0; count < persons; ) {
    const family = familyOf(families.length + 1)
    families.push(family)
    count += family.members.length
  }
  return families
}

/** Which families a source of a region knows. */
export function coverage(source: string, { decile }: Family, dice: Dice): boolean {
  if (source === 'dtks') return dice.happens(Math.max(0.02, 0.98 - 0.105 * decile))
  if (source === 'p3ke') return dice.happens(Math.max(0.1, 0.9 - 0.06 * decile))
  return dice.happens(0.735)
}
