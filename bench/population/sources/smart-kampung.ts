import type { Dice } from '../dice.ts'
import type { SeenBirth } from '../errors/birth-errors.ts'
import { digits } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { personTruth, type Row } from './row.ts'

const RELATIONS = [11, 1, 3, 4, 5, 6, 7, 10, 9]
const MARITAL = ['', 'BK', 'K', 'CH', 'CM']
const FLOOR: Record<number, string> = { 2: 'keramik', 4: 'tegel', 6: 'plester semen', 8: 'tanah' }
const WALL: Record<number, string> = { 1: 'tembok', 3: 'papan/grc', 6: 'bambu' }
const ROOF: Record<number, string> = { 2: 'genteng', 3: 'seng', 4: 'asbes' }
const WATER: Record<number, string> = { 2: 'isi ulang', 3: 'pdam', 4: 'sumur bor', 5: 'sumur terlindung' }
const TOILET: Record<number, string> = { 1: 'sendiri-septik', 2: 'numpang', 4: 'mck umum' }
const WIB = 7 * 3_600_000

/** The rows of `smart_kampung.ndjson` of a family. */
export function smartKampungRows(sighting: FamilySighting, dice: Dice): Row[] {
  const changed = `2025-0${dice.between(1, 6)}-${digits(dice.between(1, 28), 2)}T10:15:00+07:00`
  return sighting.members.map((member) => {
    const key = `SKW${sighting.number + member.place}`
    return { content: contentOf(member, sighting, key, changed, dice), truth: [personTruth(member, key, sighting)] }
  })
}

function contentOf(
  member: Sighting,
  { family, address }: FamilySighting,
  key: string,
  changed: string,
  dice: Dice,
): Record<string, unknown> {
  const { person } = member
  const { house } = family
  return {
    ...(member.hasKey ? { idWarga: key } : {}),
    nik: member.nik === '' ? null : member.nik,
    noKk: family.kk,
    namaLengkap: member.name,
    jk: member.hasSex ? (person.female ? 2 : 1) : 9,
    tempatLahir: member.birthPlace,
    tglLahir: instantOf(member.birth, dice),
    hubungan:
      member.unknown === 'relation' ? 77 : person.relation === 2 && !person.female ? 2 : RELATIONS[person.relation],
    statusKawin: member.unknown === 'marital' ? '#N/A' : MARITAL[person.marital],
    pendidikan: member.school,
    pekerjaan: member.unknown === 'work' ? '#N/A' : member.work,
    hamil: false,
    alamat: {
      dusun: address.hamlet,
      rt: address.rt,
      rw: address.rw,
      kodeDesa: member.village.kemendagri.replaceAll('.', ''),
    },
    bantuan: family.decile < 4 ? ['PKH', 'BPNT'] : [],
    koordinat: family.position,
    kondisiRumah: {
      lantai: FLOOR[house.floor],
      dinding: WALL[house.wall],
      atap: ROOF[house.roof],
      air: WATER[house.water],
      jamban: TOILET[house.toilet],
      luas: family.area,
    },
    diperbaruiPada: changed,
  }
}

/** Local midnight in one of three ways. */
function instantOf(birth: SeenBirth, dice: Dice): number | string {
  if (birth === 'none') return ''
  if (birth === 'broken') return 'TIDAK TAHU'
  const instant = Date.UTC(birth.year, birth.month - 1, birth.day) - WIB
  const form = dice.below(3)
  if (form === 0) return instant
  if (form === 1) return new Date(instant).toISOString()
  return `${birth.year}-${digits(birth.month, 2)}-${digits(birth.day, 2)}T00:00:00+07:00`
}
