import type { Dice } from '../dice.ts'
import type { SeenBirth } from '../errors/birth-errors.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { codeOf, personTruth, type Row } from './row.ts'

const MONTHS = [
  '',
  'Januari',
  'Februari',
  'Maret',
  'April',
  'Mei',
  'Juni',
  'Juli',
  'Agustus',
  'September',
  'Oktober',
  'November',
  'Desember',
]
const RELATIONS = [
  '',
  'Kepala Keluarga',
  'Istri/Suami',
  'Anak',
  'Menantu',
  'Cucu',
  'Orang Tua/Mertua',
  'Pembantu',
  'Lainnya',
]
const MARITAL = ['', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati']
const SCHOOL = [
  '',
  'Tidak/Belum Sekolah',
  'Belum Tamat SD',
  'SD/Sederajat',
  'SMP/Sederajat',
  'SMA/Sederajat',
  'D1/D2',
  'D3',
  'D4/S1',
  'S2',
  'S3',
]
const FLOOR: Record<number, string> = { 2: 'Keramik', 4: 'Tegel / teraso', 6: 'Semen', 8: 'Tanah' }
const WALL: Record<number, string> = { 1: 'Tembok', 3: 'Papan / GRC', 6: 'Bambu' }
const ROOF: Record<number, string> = { 2: 'Genteng', 3: 'Seng', 4: 'Asbes' }
const WATER: Record<number, string> = { 2: 'Isi ulang', 3: 'PDAM', 4: 'Sumur bor / pompa', 5: 'Sumur terlindung' }
const POWER = ['', 'PLN 450 VA', 'PLN 900 VA', 'PLN 1300 VA', 'PLN 2200 VA']
const FUEL: Record<number, string> = { 3: 'Elpiji 12 kg', 4: 'Elpiji 3 kg', 10: 'Kayu bakar' }
const TOILET: Record<number, string> = { 1: 'Sendiri', 2: 'Bersama', 4: 'MCK umum' }

/** The rows of `sumedang.csv` of a family. */
export function sumedangRows(sighting: FamilySighting, dice: Dice): Row[] {
  const date = `${dice.between(1, 28)} ${MONTHS[dice.between(1, 6)]} 2025`
  return sighting.members.map((member) => {
    const key = `SMD${sighting.number + member.place}`
    return { content: contentOf(member, sighting, key, date), truth: [personTruth(member, key, sighting)] }
  })
}

function contentOf(
  member: Sighting,
  { family, address }: FamilySighting,
  key: string,
  date: string,
): Record<string, unknown> {
  const { person, village } = member
  const { house } = family
  return {
    no_data: member.hasKey ? key : '',
    nik: member.nik,
    no_kk: family.kk,
    nama: titleCase(member.name),
    jenis_kelamin: member.hasSex ? (person.female ? 'Perempuan' : 'Laki-laki') : 'X',
    tempat_lahir: titleCase(member.birthPlace),
    tanggal_lahir: longDate(member.birth),
    hubungan_keluarga: codeOf(member, 'relation', RELATIONS[person.relation]),
    status_perkawinan: codeOf(member, 'marital', MARITAL[person.marital]),
    pendidikan_terakhir: SCHOOL[member.school],
    pekerjaan: codeOf(member, 'work', member.work),
    kode_desa: village.kemendagri,
    desa: village.name,
    kecamatan: village.district,
    alamat: titleCase(address.address),
    rt: address.rt,
    rw: address.rw,
    'luas_lantai_m²': `${family.area},0`,
    lantai: FLOOR[house.floor],
    dinding: WALL[house.wall],
    atap: ROOF[house.roof],
    sumber_air: WATER[house.water],
    listrik: POWER[house.power],
    bahan_bakar: FUEL[house.fuel],
    bab: TOILET[house.toilet],
    penghasilan_bulanan: `${family.decile}.500.000,00`,
    lintang: family.position.lat.toFixed(6).replace('.', ','),
    bujur: family.position.lng.toFixed(6).replace('.', ','),
    program_bantuan: family.decile < 4 ? 'PKH, BPNT' : '',
    tanggal_mutakhir: date,
  }
}

/** Each word with a capital. */
function titleCase(text: string): string {
  return text.toLowerCase().replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
}

function longDate(birth: SeenBirth): string {
  if (birth === 'none') return ''
  return birth === 'broken' ? '0 0 0' : `${birth.day} ${MONTHS[birth.month]} ${birth.year}`
}
