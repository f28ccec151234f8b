import type { Dice } from './dice.ts'
import { namesakeOf } from './likeness.ts'
import { type Namesake, namesakesOf } from './namesakes.ts'
import type { Numbers } from './numbers.ts'
import type { Family, Person } from './people.ts'

/** Shares of families with each natural trait, about those of the sample. */
const TWINS = 0.016
const FATHER_AND_SON = 0.005
const NAMESAKE = 0.013
const KINDS = { twins: 0.3, fatherAndSon: 0.15, namesake: 0.35, borrowed: 0.1, siblings: 0.1 }

type Kind = keyof typeof KINDS
type Clashing = { families: readonly Family[]; namesakes: readonly Namesake[]; numbers: Numbers; dice: Dice }

/** Makes some persons hard to tell apart: as often as nature does, and `clash` of the families besides. */
export function addClashes(
  families: readonly Family[],
  { clash, areNamesakesMade }: { clash: number; areNamesakesMade: boolean },
  numbers: Numbers,
  dice: Dice,
): void {
  const clashing = { families, namesakes: namesakesOf(families, dice), numbers, dice }
  for (const family of families) {
    if (dice.happens(TWINS)) apply('twins', family, clashing)
    if (dice.happens(FATHER_AND_SON)) apply('fatherAndSon', family, clashing)
    if (areNamesakesMade && dice.happens(NAMESAKE)) apply('namesake', family, clashing)
    if (dice.happens(clash)) apply(dice.weighted(KINDS), family, clashing)
  }
}

function apply(kind: Kind, { members, village }: Family, { families, namesakes, numbers, dice }: Clashing): void {
  const children = members.filter(({ relation }) => relation === 3)
  const [one, other] = children
  const [head] = members
  if (kind === 'twins' || kind === 'siblings') {
    if (one !== undefined && other !== undefined) pairUp(one, other, kind, numbers, dice)
    return
  }
  if (head === undefined) return
  if (kind === 'fatherAndSon') {
    const son = children.find(({ female }) => !female)
    if (head.female || son === undefined) return
    son.name = head.name.replace(/^H\. /, '')
    for (const person of [head, son]) person.traits.push('same_name_parent')
  } else if (kind === 'namesake') {
    const fitting = namesakes.filter(({ female, villages }) => female === head.female && !villages.has(village))
    if (fitting.length === 0) return
    const namesake = dice.pick(fitting)
    namesake.villages.add(village)
    borrow(head, namesake, numbers)
  } else {
    const lender = dice.pick(families).members[0]
    if (lender !== undefined && lender !== head) borrow(head, lender, numbers)
  }
}

/** Makes two children twins, or siblings with names that are near. */
function pairUp(one: Person, other: Person, kind: 'twins' | 'siblings', numbers: Numbers, dice: Dice): void {
  if (kind === 'twins') {
    other.birth = one.birth
    other.nik = numbers.nik(one.nik.slice(0, 6), one.birth, other.female)
    for (const person of [one, other]) person.traits.push('twin')
  } else for (const person of [one, other]) person.traits.push('near_name_sibling')
  if (one.female !== other.female && dice.happens(0.6)) return
  if (one.female !== other.female) {
    other.female = one.female
    other.nik = numbers.nik(other.nik.slice(0, 6), other.birth, other.female)
  }
  const { first, second } = namesakeOf(one.name, dice)
  one.name = first
  other.name = second
}

/** Gives a person the name, sex and birth date of another, and a number of their own. */
function borrow(
  person: Person,
  { name, birth, female }: Pick<Person, 'name' | 'birth' | 'female'>,
  numbers: Numbers,
): void {
  person.nik = numbers.nik(person.nik.slice(0, 6), birth, female)
  Object.assign(person, { name, birth, female })
  delete person.nikDiffers
  if (!person.traits.includes('common_name_dob')) person.traits.push('common_name_dob')
}
