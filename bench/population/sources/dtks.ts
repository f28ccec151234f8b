import type { Dice } from '../dice.ts'
import { ageOn, digits } from '../people.ts'
import type { FamilySighting, Sighting } from '../sighting.ts'
import { doesWork } from '../work.ts'
import { dtksVillage, householdContent } from './dtks-household.ts'
import { birthText, codeOf, familyTruth, personTruth, type Row } from './row.ts'

/** The rows of a household in the two DTKS files. */
export function dtksRows(sighting: FamilySighting, dice: Dice): { household: Row; persons: Row[] } {
  const key = `${sighting.village.bps.slice(0, 4)}2015${digits(sighting.number, 8)}`
  const updated = { year: 2025, month: dice.between(1, 6), day: dice.between(1, 28) }
  const dates = { InitData: '2015-09-30', LastUpdateData: `2025-0${updated.month}-${digits(updated.day, 2)}` }
  const household = { ...householdContent(sighting, key), ...dates }
  const persons = sighting.members.map((member): Row => {
    const person = `${key}${digits(member.place, 2)}`
    const content = { ...personOf(member, person, sighting), ...statusOf(member, updated), IDBDT: key, ...dates }
    return { content, truth: [personTruth(member, person, sighting)] }
  })
  return { household: { content: household, truth: [familyTruth(sighting, key)] }, persons }
}

function personOf(member: Sighting, key: string, { family }: FamilySighting) {
  const { person, birth } = member
  return {
    IDARTBDT: member.hasKey ? key : '',
    ...dtksVillage(member.village.bps),
    Nama: member.name,
    JnsKel: member.hasSex ? (person.female ? 2 : 1) : 9,
    TmpLahir: member.birthPlace,
    TglLahir: birthText(birth, (day, month, year) => `${day}/${month}/${year}`),
    NIK: member.nik,
    NoKK: family.kk,
    HubKRT: person.relation,
    Hubkel: codeOf(member, 'relation', String(person.relation)),
    NUK: 1,
    Sta_kawin: codeOf(member, 'marital', String(person.marital)),
    namagadis_ibukandung: person.mother,
  }
}

function statusOf({ person, birth, work, school }: Sighting, updated: { year: number; month: number; day: number }) {
  const isKnown = birth !== 'none' && birth !== 'broken'
  const age = ageOn(person.birth, updated)
  const works = doesWork(work) && age >= 10
  const attends = work === 'Pelajar/Mahasiswa'
  const everWent = age >= 7
  return {
    Umur: isKnown ? Math.min(98, Math.max(0, ageOn(birth, updated))) : age,
    Ada_akta_nikah: person.marital === 1 ? 0 : 1,
    Ada_diKK: 1,
    Ada_kartu_identitas: age < 17 ? 1 : 5,
    Jenis_cacat: 0,
    Penyakit_kronis: 0,
    Partisipasi_sekolah: age < 5 ? '' : attends ? 1 : everWent ? 2 : 0,
    Pendidikan_tertinggi:
      age < 5 || !(attends || everWent) ? '' : school <= 3 ? 1 : school === 4 ? 4 : school === 5 ? 7 : 10,
    Kelas_tertinggi: age < 5 || !(attends || everWent) ? '' : attends ? 2 : school <= 2 ? 4 : 8,
    Ijazah_tertinggi: age < 5 ? '' : school <= 2 ? 0 : school === 3 ? 1 : school === 4 ? 2 : school === 5 ? 3 : 5,
    Sta_Bekerja: age < 10 ? '' : works ? 1 : 2,
    Jumlah_jamkerja: works ? 40 : '',
    Lapangan_usaha: works ? 12 : '',
    Status_pekerjaan: works ? 1 : '',
    Sta_keberadaan_art: 1,
    Sta_kepesertaan_pbi: 1,
    Ada_kks: 0,
    Ada_pbi: 1,
    Ada_kip: 0,
    Ada_pkh: 0,
    Ada_BPNT: 0,
    Anak_diluar_rt: 0,
  }
}
