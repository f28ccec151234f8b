import type { Dice } from './dice.ts'
import { namesakeOf } from './likeness.ts'
import type { Numbers } from './numbers.ts'
import type { Family, Person } from './people.ts'

/** Shares of families with each natural trait, about those of the sample. */
const TWINS = 0.016
const FATHER_AND_SON = 0.005
const KINDS = { twins: 0.3, fatherAndSon: 0.15, elsewhere: 0.35, sameVillage: 0.1, siblings: 0.1 }

type Kind = keyof typeof KINDS

/** Makes some persons hard to tell apart: as often as nature does, and `clash` of the families besides. */
export function addClashes(families: readonly Family[], clash: number, numbers: Numbers, dice: Dice): void {
  for (const family of families) {
    if (dice.happens(TWINS)) apply('twins', family, families, numbers, dice)
    if (dice.happens(FATHER_AND_SON)) apply('fatherAndSon', family, families, numbers, dice)
    if (dice.happens(FATHER_AND_SON * 2)) apply('elsewhere', family, families, numbers, dice)
    if (dice.happens(clash)) apply(dice.weighted(KINDS), family, families, numbers, dice)
  }
}

function apply(kind: Kind, family: Family, families: readonly Family[], numbers: Numbers, dice: Dice): void {
  const { members } = family
  const children = members.filter(({ relation }) => relation === 3)
  const [one, other] = children
  const [head] = members
  if (kind === 'twins' || kind === 'siblings') {
    if (one !== undefined && other !== undefined) pairUp(one, other, kind, numbers, dice)
  } else if (kind === 'fatherAndSon') {
    const son = children.find(({ female }) => !female)
    if (head === undefined || head.female || son === undefined) return
    son.name = head.name.replace(/^H\. /, '')
    for (const person of [head, son]) person.traits.push('same_name_parent')
  } else if (head !== undefined) borrow(head, otherHead(family, families, kind === 'sameVillage', dice), numbers)
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

function otherHead(
  family: Family,
  families: readonly Family[],
  isSameVillage: boolean,
  dice: Dice,
): Person | undefined {
  for (let tries = 0; tries < 40; tries++) {
    const other = dice.pick(families)
    const isNear = other.village === family.village
    if (other !== family && isNear === isSameVillage) return other.members[0]
  }
  return undefined
}

/** Gives a person the name, sex and birth date of another, and a number of their own. */
function borrow(person: Person, other: Person | undefined, numbers: Numbers): void {
  if (other === undefined) return
  const { name, birth, female } = other
  person.nik = numbers.nik(person.nik.slice(0, 6), birth, female)
  Object.assign(person, { name, birth, female })
  delete person.nikDiffers
  for (const one of [person, other]) if (!one.traits.includes('common_name_dob')) one.traits.push('common_name_dob')
}
