import type { Dice } from './dice.ts'

/** A member to be: relation (r409), sex, year of birth and marital status (r408). */
export type Seat = { relation: number; female: boolean; year: number; marital: number }

const SINGLE = 1
const MARRIED = 2
const KINDS = { alone: 0.107, couple: 0.17, parents: 0.52, onlyParent: 0.1, extended: 0.103 }

/** Who lives in a family, the head first: relations and ages as in the sample's families. */
export function seatsOf(dice: Dice): Seat[] {
  const kind = dice.weighted(KINDS)
  const year = kind === 'alone' ? dice.between(1940, 2003) : dice.between(1943, 1999)
  const isFemale = kind === 'alone' ? dice.happens(0.6) : kind === 'onlyParent' ? dice.happens(0.8) : dice.happens(0.03)
  const alone = kind === 'alone' || kind === 'onlyParent'
  const widowed = dice.happens(year < 1970 ? 0.7 : 0.4) ? 4 : 3
  const marital = !alone ? MARRIED : kind === 'alone' && year > 1990 ? SINGLE : widowed
  const seats: Seat[] = [{ relation: 1, female: isFemale, year, marital }]
  if (!alone) seats.push({ relation: 2, female: !isFemale, year: year + dice.between(-3, 8), marital: MARRIED })
  if (kind !== 'alone' && kind !== 'couple') seats.push(...childrenOf(year, kind === 'extended', dice))
  if (kind !== 'alone' && dice.happens(0.07)) seats.push(...kinOf(year, dice))
  return seats
}

function childrenOf(year: number, isExtended: boolean, dice: Dice): Seat[] {
  const seats: Seat[] = []
  let born = year + dice.between(20, 28)
  const count = dice.between(1, 4)
  for (let n = 0; n < count && born <= 2024; n++) {
    const isGrown = born < 2003
    const female = dice.happens(0.49)
    const marital = isExtended && isGrown && n === 0 ? MARRIED : SINGLE
    seats.push({ relation: 3, female, year: born, marital })
    if (marital === MARRIED) {
      seats.push({ relation: 4, female: !female, year: born + dice.between(-3, 4), marital: MARRIED })
      const grandchild = born + dice.between(20, 27)
      for (const at of [0, 3].slice(0, dice.between(0, 2))) {
        if (grandchild + at <= 2024)
          seats.push({ relation: 5, female: dice.happens(0.5), year: grandchild + at, marital: SINGLE })
      }
    }
    born += dice.between(2, 7)
  }
  return seats
}

/** A parent of the head, or somebody else of the family, or who serves it. */
function kinOf(year: number, dice: Dice): Seat[] {
  const relation = Number(dice.weighted({ 6: 0.54, 8: 0.43, 7: 0.03 }))
  if (relation === 6)
    return [{ relation, female: dice.happens(0.75), year: Math.max(1930, year - dice.between(20, 30)), marital: 4 }]
  return [{ relation, female: dice.happens(0.5), year: Math.min(2018, year + dice.between(5, 40)), marital: SINGLE }]
}
