import type { Dice } from './dice.ts'
import { type SeenBirth, seenBirth } from './errors/birth-errors.ts'
import { seenName } from './errors/name-errors.ts'
import { type NikState, seenNik } from './errors/nik-errors.ts'
import { type SourceName, type Strike, strikerOf } from './errors/rates.ts'
import { seenText } from './errors/text-errors.ts'
import { seenVillage } from './errors/village-errors.ts'
import { addressIn } from './family.ts'
import type { Family, Person, Village } from './people.ts'
import { coverage, type Populace } from './population.ts'

/** A person as a source has them. */
export type Sighting = {
  person: Person
  /** Place in the source's family, from 1; copies under another key count from 51. */
  place: number
  name: string
  nik: string
  nikState: NikState
  birth: SeenBirth
  hasSex: boolean
  birthPlace: string
  work: string
  school: number
  /** A code of the row that is in no list. */
  unknown: 'relation' | 'marital' | 'work' | undefined
  /** Codes of the village in this row; where the layout has them per person. */
  village: Village
  hasKey: boolean
  errors: string[]
}

/** A family as a source has it. */
export type FamilySighting = {
  family: Family
  village: Village
  address: Pick<Family, 'address' | 'hamlet' | 'rt' | 'rw'>
  /** Number by which the source makes its keys. */
  number: number
  members: Sighting[]
  /** What is wrong with all of it. */
  errors: string[]
}

export type Sight = { source: SourceName; families: FamilySighting[]; strike: Strike; dice: Dice }

const ABSENT = 0.025

/** What a source sees of a region: some of the families, with its own age and errors. */
export function look(
  source: SourceName,
  { region, families, villages, beyond, issued }: Populace,
  dirt: number,
  dice: Dice,
): Sight {
  const strike = strikerOf(source, dirt, dice)
  const list = `${source} ${region.code}`
  const numbers = issued.keys.get(list) ?? new Set<number>()
  issued.keys.set(list, numbers)
  const number = (): number => {
    // Room for the places of its members.
    const drawn = (dice.below(900_000) + 100_000) * 100
    if (numbers.has(drawn)) return number()
    numbers.add(drawn)
    return drawn
  }
  const seen: FamilySighting[] = []
  for (const family of families) {
    if (!coverage(source, family, dice)) continue
    const one = familySeen(family, { region: region.code, villages, beyond, number, strike, dice })
    if (one.members.length > 0) seen.push(one)
    // The whole family once more, under another number.
    if (strike('dup_new_key') && dice.happens(0.35))
      seen.push(asCopy(familySeen(family, { region: region.code, villages, beyond, number, strike, dice })))
  }
  return { source, families: seen.filter(({ members }) => members.length > 0), strike, dice }
}

type Looking = {
  region: string
  villages: readonly Village[]
  beyond: readonly Village[]
  number: () => number
  strike: Strike
  dice: Dice
}

function familySeen(family: Family, { region, villages, beyond, number, strike, dice }: Looking): FamilySighting {
  const hasMoved = strike('village_moved')
  const errors = hasMoved ? ['village_moved'] : []
  const others = (dice.happens(0.7) ? villages : beyond).filter((village) => village !== family.village)
  const village = hasMoved ? dice.pick(others) : family.village
  const address = hasMoved ? addressIn(region, dice) : family
  const members: Sighting[] = []
  for (const [at, person] of family.members.entries()) {
    if (at > 0 && dice.happens(ABSENT)) continue
    members.push(personSeen(person, family, at + 1, village, strike, dice))
    if (strike('dup_new_key') && dice.happens(0.75)) {
      const copy = personSeen(person, family, at + 51, village, strike, dice)
      copy.errors.push('dup_new_key')
      members.push(copy)
    }
  }
  return { family, village, address, number: number(), members, errors }
}

function asCopy(sighting: FamilySighting): FamilySighting {
  for (const { errors } of [sighting, ...sighting.members])
    if (!errors.includes('dup_new_key')) errors.push('dup_new_key')
  return sighting
}

function personSeen(person: Person, family: Family, place: number, at: Village, strike: Strike, dice: Dice): Sighting {
  const nik = seenNik(person, family, strike, dice)
  const name = seenName(person.name, person.female, strike, dice)
  const text = seenText(name.name, strike, dice)
  const birth = seenBirth(person.birth, strike, dice)
  const village = seenVillage(at, strike, dice)
  const errors = [...nik.errors, ...name.errors, ...text.errors, ...birth.errors, ...village.errors]
  const hits = (kind: Parameters<Strike>[0]) => strike(kind) && errors.push(kind) > 0
  const hasSex = !hits('sex_unknown')
  const drifts = hits('value_drift')
  const birthPlace = hits('value_missing') ? '' : person.birthPlace
  const sighting: Sighting = {
    person,
    place,
    name: text.text,
    nik: nik.nik,
    nikState: nik.state,
    birth: birth.birth,
    hasSex,
    birthPlace: hits('newline_in_field') ? `${birthPlace}\n` : birthPlace,
    work: drifts ? 'Wiraswasta' : person.work,
    school: drifts ? Math.max(1, person.school - 1) : person.school,
    unknown: hits('code_unknown') ? dice.pick(['relation', 'marital', 'work'] as const) : undefined,
    village: village.village,
    hasKey: !hits('key_missing'),
    errors,
  }
  if (person.nikDiffers !== undefined && nik.state === 'ok') errors.push(`nik_contradicts_${person.nikDiffers}`)
  if (person.hasDied) errors.push('deceased')
  return sighting
}
