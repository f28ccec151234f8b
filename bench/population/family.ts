import type { Dice } from './dice.ts'
import { type Seat, seatsOf } from './household.ts'
import { type Bearer, type Naming, nameFor, namingOf } from './names/naming.ts'
import { type CommonNames, nationalName } from './names/nation.ts'
import type { Numbers } from './numbers.ts'
import type { Day, Family, Person, Village } from './people.ts'
import { ELSEWHERE, type Region } from './regions.ts'
import { schoolOf, workOf } from './work.ts'

const STREETS = [
  'MELATI',
  'KENANGA',
  'MAWAR',
  'CENDANA',
  'MERPATI',
  'PANCORAN',
  'SAWO',
  'KEMUNING',
  'DELIMA',
  'H. NAIM',
  'CIPTA KARYA',
  'TANJUNG',
  'WIJAYA KUSUMA',
  'GARUDA',
  'POROS',
]
const LANES = ['', '', ' I', ' II', ' GG. MASJID', ' GG. KANCIL', ' RAYA', ' DALAM']
const HAMLETS: Record<string, string[]> = {
  '3510': ['KRAJAN', 'SUMBERSARI', 'CURAHKETANGI', 'KALIREJO', 'GUNUNGSARI', 'TEGALWANGI', 'PANDAN', 'RINGINSARI'],
  '3211': ['CIPICUNG', 'SUKASARI', 'BABAKAN', 'CIKUPA', 'PASIRLOA', 'CIBUNGUR', 'NANGKOD', 'SINDANGHAYU'],
  '5101': ['TENGAH', 'PANGKUNG', 'MUNDUK', 'BADINGKAYU', 'KALER', 'TEGAL MENGKEB', 'SAWE'],
}
const PREFIX: Record<string, string[]> = { '3510': ['DUSUN'], '3211': ['DUSUN', 'LINGK.'], '5101': ['BR.', 'LINGK.'] }

/** Shares of births on 1 January, 1 July or 31 December beyond what chance gives, before 1975 and since. */
const SAMPLE_DEFAULTS = { old: 0.02, young: 0 }
const NATION_DEFAULTS: typeof SAMPLE_DEFAULTS = { old: 0.15, young: 0.02 }

/** What the families of a region are drawn from; `common` are the names of a nation, where it is to be like one. */
export type Source = {
  region: Region
  villages: readonly Village[]
  numbers: Numbers
  dice: Dice
  common?: CommonNames | undefined
}

/** Draws a true family; `number` makes its ids. */
export function familyOf({ region, villages, numbers, dice, common }: Source, number: number): Family {
  const village = dice.common(villages, 0.3)
  const naming = namingOf(region.code, dice)
  const district = village.kemendagri.replaceAll('.', '').slice(0, 6)
  const id = `${region.code}-F${String(number).padStart(7, '0')}`
  const members: Person[] = []
  let children = 0
  for (const seat of seatsOf(dice)) {
    const order = seat.relation === 3 ? children++ : dice.below(4)
    // Who married into the family brings a name of another one.
    const own = seat.relation === 2 || seat.relation === 4 ? namingOf(region.code, dice) : naming
    const person = personOf(seat, own, { region, district, order, numbers, dice, common })
    person.id = `${id}-${members.length + 1}`
    members.push(person)
  }
  const mother = members.find(({ relation, female }) => relation <= 2 && female)
  for (const person of members) if (person.relation === 3 && mother) person.mother = mother.name
  return {
    id,
    region: region.code,
    kk: numbers.kk(district),
    village,
    ...addressIn(region.code, dice),
    ...dwelling(dice),
    members,
  }
}

type Place = Omit<Source, 'villages'> & { district: string; order: number }

function personOf(seat: Seat, naming: Naming, { region, district, order, numbers, dice, common }: Place): Person {
  const { female, relation, marital, year } = seat
  const name = (bearer: Bearer) =>
    common === undefined ? nameFor(naming, bearer, dice) : nationalName(naming, bearer, common, dice)
  const birth = birthIn(year, common === undefined ? SAMPLE_DEFAULTS : NATION_DEFAULTS, dice)
  const isLocal = dice.happens(region.locals)
  const [from, birthPlace] = isLocal ? [district, region.birthPlace] : dice.pick(ELSEWHERE)
  const first = isLocal
    ? dice.happens(0.83)
      ? district
      : `${district.slice(0, 4)}${dice.pick(['01', '02', '03', '05'])}`
    : `${from}${dice.pick(['01', '04', '11', '16'])}`
  const person: Person = {
    id: '',
    name: name({ female, year, order }),
    female,
    birth,
    nik: '',
    relation,
    marital,
    birthPlace: region.code === '31' && dice.happens(0.4) ? region.birthPlace : birthPlace,
    mother: name({ female: true, year: year - 25, order: dice.below(4) }),
    work: workOf(birth, female, marital, dice),
    school: schoolOf(birth, dice),
    hasDied: dice.happens(0.004),
    traits: [],
  }
  const differs = dice.happens(0.0125) ? (dice.happens(0.58) ? 'date' : 'sex') : undefined
  if (differs !== undefined) person.nikDiffers = differs
  const printed = differs === 'date' ? { ...birth, day: 1 + ((birth.day + dice.between(1, 5)) % 28) } : birth
  person.nik = numbers.nik(first, printed, differs === 'sex' ? !female : female)
  return person
}

/** Some have the day that was written when nobody knew it, most of them among the older ones. */
function birthIn(year: number, defaults: typeof SAMPLE_DEFAULTS, dice: Dice): Day {
  const share = year < 1975 ? defaults.old : defaults.young
  if (share > 0 && dice.happens(share))
    return {
      year,
      ...dice.pick([
        { month: 7, day: 1 },
        { month: 12, day: 31 },
        { month: 1, day: 1 },
      ]),
    }
  return { year, month: dice.between(1, year === 2025 ? 6 : 12), day: dice.between(1, 28) }
}

/** A street and number in the city; a hamlet, seldom with a number, elsewhere. */
export function addressIn(region: string, dice: Dice): { address: string; hamlet: string; rt: number; rw: number } {
  const [rt, rw] = [dice.between(1, 14), dice.between(1, 12)]
  const hamlets = HAMLETS[region]
  if (hamlets === undefined)
    return { address: `JL. ${dice.pick(STREETS)}${dice.pick(LANES)} NO. ${dice.between(1, 145)}`, hamlet: '', rt, rw }
  const hamlet = dice.pick(hamlets)
  const number = dice.happens(0.15) ? ` NO. ${dice.between(1, 90)}` : ''
  return { address: `${dice.pick(PREFIX[region] ?? [])} ${hamlet}${number}`, hamlet, rt, rw }
}

function dwelling(dice: Dice): Pick<Family, 'decile' | 'area' | 'house' | 'position'> {
  return {
    decile: dice.between(1, 10),
    area: dice.between(15, 140),
    house: {
      floor: Number(dice.weighted({ 2: 0.5, 4: 0.2, 6: 0.25, 8: 0.05 })),
      wall: Number(dice.weighted({ 1: 0.85, 3: 0.1, 6: 0.05 })),
      roof: Number(dice.weighted({ 2: 0.7, 3: 0.1, 4: 0.2 })),
      water: Number(dice.weighted({ 2: 0.3, 3: 0.2, 4: 0.3, 5: 0.2 })),
      power: dice.between(1, 4),
      fuel: Number(dice.weighted({ 4: 0.8, 3: 0.1, 10: 0.1 })),
      toilet: Number(dice.weighted({ 1: 0.85, 2: 0.1, 4: 0.05 })),
    },
    position: { lat: -7 - dice.below(1_000_000) / 1e6, lng: 107 + dice.below(1_000_000) / 1e6 },
  }
}
