import type { Dice } from '../dice.ts'
import { digits } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { birthText, codeOf, familyTruth, personTruth, type Row } from './row.ts'

const RELATIONS = ['', 'Kepala Keluarga', 'Istri', 'Anak', 'Menantu', 'Cucu', 'Orang Tua', 'Pembantu', 'Famili Lain']
const MARITAL = ['', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati']
const SCHOOL = [
  '',
  'Tidak/Belum Sekolah',
  'Belum Tamat SD',
  'Tamat SD/Sederajat',
  'SLTP/Sederajat',
  'SLTA/Sederajat',
  'Diploma I/II',
  'Diploma III',
  'Diploma IV/Strata I',
  'Strata II',
  'Strata III',
]
const FLOOR: Record<number, string> = { 2: 'Keramik', 4: 'Ubin/Tegel', 6: 'Plester/Semen', 8: 'Tanah' }
const WALL: Record<number, string> = { 1: 'Tembok Bata/Batako', 3: 'Papan/Triplek/Gypsum', 6: 'Bambu' }
const ROOF: Record<number, string> = { 2: 'Genteng', 3: 'Seng', 4: 'Asbes' }
const WATER: Record<number, string> = {
  2: 'Air Isi Ulang',
  3: 'PAM',
  4: 'Sumur Bor/Jet Pump',
  5: 'Sumur Gali Terlindung',
}
const POWER = ['', '450 VA', '900 VA', '1.300 VA', '2.200 VA']
const FUEL: Record<number, string> = { 3: 'LPG 12 kg', 4: 'LPG 3 kg', 10: 'Kayu Bakar' }
const TOILET: Record<number, string> = { 1: 'Sendiri, septik tank', 2: 'Bersama tetangga', 4: 'MCK umum' }

/** A family of `carik.ndjson` with its members. */
export function carikRow(sighting: FamilySighting, dice: Dice): Row {
  const { family, address, number, members } = sighting
  const { house } = family
  const key = `KLG-${number}`
  // In this layout the family has the village; the damage is that of its head's row.
  const { village = sighting.village, errors: headErrors = [] } = members[0] ?? {}
  const villageErrors = headErrors.filter((error) => error.startsWith('village_'))
  sighting.errors.push(...villageErrors.filter((error) => !sighting.errors.includes(error)))
  for (const { errors } of members.slice(1)) {
    for (let at = errors.length - 1; at >= 0; at--) if (errors[at]?.startsWith('village_')) errors.splice(at, 1)
  }
  const content = {
    id_keluarga: key,
    no_kk: family.kk,
    kode_kelurahan: village.bps,
    kode_kelurahan_capil: village.kemendagri,
    alamat: address.address,
    rt: digits(address.rt, 3),
    rw: digits(address.rw, 3),
    dasawisma: String(1 + (number % 12)),
    status_rumah: 'Milik Sendiri',
    luas_lantai: family.area,
    jenis_lantai: FLOOR[house.floor],
    jenis_dinding: WALL[house.wall],
    jenis_atap: ROOF[house.roof],
    sumber_air_minum: WATER[house.water],
    penerangan: 'PLN Meteran Sendiri',
    daya: POWER[house.power],
    bahan_bakar: FUEL[house.fuel],
    jamban: TOILET[house.toilet],
    tanggal_pendataan: `2025-0${dice.between(1, 6)}-${digits(dice.between(1, 28), 2)}`,
    anggota: members.map((member) => memberOf(member, key)),
  }
  const truth = members.map((member, at) => personTruth(member, keyOf(member, key), sighting, at))
  return { content, truth: [familyTruth(sighting, key), ...truth] }
}

function keyOf({ place }: Sighting, family: string): string {
  return `IDV-${family.slice(4)}${digits(place, 2)}`
}

function memberOf(member: Sighting, family: string): Record<string, unknown> {
  const { person } = member
  return {
    ...(member.hasKey ? { id_individu: keyOf(member, family) } : {}),
    nik: member.nik === '' ? null : member.nik,
    nama: member.name,
    jenis_kelamin: member.hasSex ? (person.female ? 'P' : 'L') : 'X',
    tempat_lahir: member.birthPlace,
    tanggal_lahir: birthText(member.birth, (day, month, year) => `${year}-${month}-${day}`),
    hubungan: codeOf(
      member,
      'relation',
      person.relation === 2 && !person.female ? 'Suami' : RELATIONS[person.relation],
    ),
    status_kawin: codeOf(member, 'marital', MARITAL[person.marital]),
    pendidikan: SCHOOL[member.school],
    pekerjaan: codeOf(member, 'work', member.work),
    hamil: null,
    disabilitas: 'Tidak',
    bpjs: 'PBI',
  }
}
