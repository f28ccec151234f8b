import type { Dice } from '../dice.ts'
import { ageOn, digits } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { birthText, codeOf, personTruth, type Row } from './row.ts'

const RELATIONS = [
  '',
  'KEPALA KELUARGA',
  'SUAMI/ISTRI',
  'ANAK',
  'MENANTU',
  'CUCU',
  'ORANG TUA/MERTUA',
  'PEMBANTU',
  'FAMILI LAIN',
]
const MARITAL = ['', 'BELUM KAWIN', 'KAWIN', 'CERAI HIDUP', 'CERAI MATI']
const SCHOOL = [
  '',
  'TIDAK / BELUM SEKOLAH',
  'BELUM TAMAT SD/SEDERAJAT',
  'TAMAT SD / SEDERAJAT',
  'SLTP/SEDERAJAT',
  'SLTA / SEDERAJAT',
  'DIPLOMA I / II',
  'AKADEMI/ DIPLOMA III/S. MUDA',
  'DIPLOMA IV/ STRATA I',
  'STRATA II',
  'STRATA III',
]

/** The rows of `jembrana.csv` of a family. */
export function jembranaRows(sighting: FamilySighting, dice: Dice): Row[] {
  const on = { year: 2025, month: dice.between(1, 6), day: dice.between(1, 28) }
  return sighting.members.map((member) => {
    const key = `IB${sighting.number + member.place}`
    const content = { ...personOf(member, key, on), ...dwellingOf(member, sighting) }
    return { content, truth: [personTruth(member, key, sighting)] }
  })
}

function personOf(member: Sighting, key: string, on: { year: number; month: number; day: number }) {
  const { person, birth } = member
  const isKnown = birth !== 'none' && birth !== 'broken'
  return {
    KODE_DATA: member.hasKey ? key : '',
    NIK: member.nik,
    NAMA: member.name,
    JK: member.hasSex ? (person.female ? 'PR' : 'LK') : 'X',
    TEMPAT_LAHIR: member.birthPlace,
    TGL_LAHIR: birthText(birth, (day, month, year) => `${day}-${month}-${year.slice(2)}`),
    UMUR: isKnown ? Math.max(0, ageOn(birth, on)) : '',
    SHDK: codeOf(member, 'relation', RELATIONS[person.relation]),
    STATUS_KAWIN: codeOf(member, 'marital', MARITAL[person.marital]),
    PENDIDIKAN: SCHOOL[member.school],
    PEKERJAAN: codeOf(member, 'work', member.work.toUpperCase()),
    TGL_DATA: `${digits(on.day, 2)}-${digits(on.month, 2)}-25`,
    DISABILITAS: 'TIDAK',
    STATUS_ASN: 'TIDAK',
  }
}

function dwellingOf({ village }: Sighting, { family, address }: FamilySighting) {
  const { house } = family
  return {
    NO_KK: family.kk,
    KODE_DESA: village.bps,
    NAMA_DESA: village.name.toUpperCase(),
    NAMA_KECAMATAN: village.district.toUpperCase(),
    BANJAR: address.hamlet,
    ALAMAT: `${address.address} RT ${digits(address.rt, 3)}`,
    LANTAI: digits(house.floor, 2),
    DINDING: digits(house.wall, 2),
    ATAP: digits(house.roof, 2),
    AIR: digits(house.water, 2),
    PENERANGAN: '01',
    DAYA: digits(house.power, 2),
    BAHAN_BAKAR: digits(house.fuel, 2),
    JAMBAN: digits(house.toilet, 2),
    LUAS_LANTAI: family.area,
    BANTUAN: family.decile < 4 ? 'PKH|BPNT' : '',
  }
}
