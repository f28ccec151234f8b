import { ageOn, digits, TODAY } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { doesWork } from '../work.ts'
import { birthText, codeOf, familyTruth, personTruth, type Row } from './row.ts'

const RELATIONS = [
  '',
  'Kepala Keluarga',
  'Istri/Suami',
  'Anak',
  'Menantu',
  'Cucu',
  'Orang Tua/Mertua',
  'Pembantu/Sopir',
  'Lainnya',
]
const MARITAL = ['', 'Belum Kawin', 'Kawin', 'Cerai Hidup', 'Cerai Mati']
const SCHOOL = [
  '',
  'Tidak/belum sekolah',
  'Tidak tamat SD/sederajat',
  'Tamat SD/sederajat',
  'Tamat SMP/sederajat',
  'Tamat SMA/sederajat',
]
const PUPIL = [
  '',
  'Siswa SD/sederajat',
  'Siswa SD/sederajat',
  'Siswa SMP/sederajat',
  'Siswa SMA/sederajat',
  'Mahasiswa Perguruan Tinggi',
]
const FLOOR: Record<number, string> = {
  2: 'Keramik/Granit/Marmer/Ubin/Tegel/Teraso',
  4: 'Keramik/Granit/Marmer/Ubin/Tegel/Teraso',
  6: 'Semen',
  8: 'Tanah',
}
const WALL: Record<number, string> = { 1: 'Tembok', 3: 'Kayu/Papan', 6: 'Bambu' }
const ROOF: Record<number, string> = { 2: 'Genteng', 3: 'Asbes/Seng', 4: 'Asbes/Seng' }
const WATER: Record<number, string> = {
  2: 'Air Kemasan/Isi Ulang',
  3: 'Ledeng/PAM',
  4: 'Sumur Bor',
  5: 'Sumur Terlindung',
}
const TOILET: Record<number, string> = {
  1: 'Ya, dengan Septic Tank',
  2: 'Tidak, Jamban Umum/Bersama',
  4: 'Tidak, Jamban Umum/Bersama',
}
const AGES: readonly (readonly [string, number])[] = [
  ['usia_dibawah_7_tahun', 6],
  ['usia_7_12', 12],
  ['usia_13_15', 15],
  ['usia_16_18', 18],
  ['usia_19_21', 21],
  ['usia_22_59', 59],
  ['usia_60_tahun_keatas', 200],
]

/** The rows of a family in the two P3KE files; the row of the family carries its head as `head` was seen there. */
export function p3keRows(sighting: FamilySighting, province: string): { family: Row; persons: Row[] } {
  const { family, members } = sighting
  const key = `${sighting.village.bps.slice(0, 4)}${digits(sighting.number, 8)}`
  const [head] = members
  const own = {
    ...commonOf(sighting, key, province),
    ...(head === undefined ? {} : headOf(head)),
    ...dwellingOf(family),
  }
  const persons = members.map((member): Row => {
    const person = `${key}${digits(member.place, 2)}`
    const content = { ...commonOf(sighting, key, province, member), ...personOf(member, person) }
    return { content, truth: [personTruth(member, person, sighting)] }
  })
  return { family: { content: own, truth: [familyTruth(sighting, key)] }, persons }
}

function commonOf({ family, village, address }: FamilySighting, key: string, province: string, member?: Sighting) {
  const aid = family.decile < 4 ? 'YA' : 'TIDAK'
  return {
    id_keluarga_p3ke: key,
    provinsi: province,
    kabupaten_kota: village.regency.toUpperCase(),
    kecamatan: village.district.toUpperCase(),
    desa_kelurahan: village.name.toUpperCase(),
    kode_kemdagri: (member?.village ?? village).kemendagri.replaceAll('.', ''),
    desil_kesejahteraan: family.decile,
    alamat: address.address,
    penerima_bpnt: aid,
    penerima_bpum: 'TIDAK',
    penerima_bst: 'TIDAK',
    penerima_pkh: aid,
    penerima_sembako: aid,
    resiko_stunting: 0,
    pensasaran: 2025,
  }
}

function identityOf(member: Sighting) {
  const { person } = member
  const age = ageOn(person.birth, TODAY)
  return {
    nik: member.nik,
    padan_dukcapil: member.nikState === 'ok' ? 'YA' : 'TIDAK',
    jenis_kelamin: member.hasSex ? (person.female ? 'Perempuan' : 'Laki-laki') : 'X',
    tanggal_lahir: birthText(member.birth, (day, month, year) => `${day}/${month}/${year} 0:00:00`),
    pekerjaan: codeOf(member, 'work', doesWork(member.work) && age >= 10 ? 'Pekerja Lepas' : 'Tidak/Belum Bekerja'),
    pendidikan: (member.work === 'Pelajar/Mahasiswa' ? PUPIL : SCHOOL)[member.school] ?? 'Tamat Perguruan Tinggi',
  }
}

function headOf(head: Sighting) {
  return { kepala_keluarga: head.name, ...identityOf(head) }
}

function personOf(member: Sighting, key: string) {
  const { person } = member
  const age = ageOn(person.birth, TODAY)
  const group = AGES.find(([, most]) => age <= most)?.[0]
  return {
    id_individu: member.hasKey ? key : '',
    nama: member.name,
    ...identityOf(member),
    hubungan_dengan_kepala_keluarga: codeOf(member, 'relation', RELATIONS[person.relation]),
    status_kawin: codeOf(member, 'marital', MARITAL[person.marital]),
    ...Object.fromEntries(AGES.map(([name]) => [name, name === group ? 'YA' : 'TIDAK'])),
  }
}

function dwellingOf({ house }: FamilySighting['family']) {
  return {
    kepemilikan_rumah: 'Milik Sendiri',
    memiliki_simpanan_uang_perhiasan_ternak_lainnya: 'Tidak',
    jenis_atap: ROOF[house.roof],
    jenis_dinding: WALL[house.wall],
    jenis_lantai: FLOOR[house.floor],
    sumber_penerangan: house.power <= 2 ? 'Listrik Pribadi s/d 900 Watt' : 'Listrik Pribadi > 900 Watt',
    bahan_bakar_memasak: house.fuel === 10 ? 'Arang/Kayu' : 'Listrik/Gas',
    sumber_air_minum: WATER[house.water],
    memiliki_fasilitas_buang_air_besar: TOILET[house.toilet],
  }
}
