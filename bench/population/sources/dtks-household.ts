import { digits } from '../people.ts'
import type { FamilySighting } from '../sighting.ts'

const FLOOR: Record<number, number> = { 2: 2, 4: 4, 6: 6, 8: 9 }
const ROOF: Record<number, number> = { 2: 4, 3: 6, 4: 5 }
const WATER: Record<number, number> = { 2: 2, 3: 3, 4: 5, 5: 6 }
const FUEL: Record<number, number> = { 3: 2, 4: 3, 10: 8 }
const TOILET: Record<number, number> = { 1: 1, 2: 2, 4: 3 }
const ONE_TWO =
  'ada_tabung_gas ada_ac ada_telepon ada_emas ada_sepeda ada_mobil ada_motor_tempel ada_kapal aset_tak_bergerak sta_kks sta_kis sta_jamsostek sta_pkh sta_kur'
const THREE_FOUR =
  'ada_lemari_es ada_pemanas ada_tv ada_laptop ada_motor ada_perahu ada_perahu_motor rumah_lain sta_kip sta_bpjs_mandiri sta_asuransi sta_rastra'
const NONE = 'jumlah_sapi jumlah_kerbau jumlah_kuda jumlah_babi jumlah_kambing'
const FLAGS: Record<string, number> = Object.fromEntries([
  ...ONE_TWO.split(' ').map((name) => [name, 2]),
  ...THREE_FOUR.split(' ').map((name) => [name, 4]),
  ...NONE.split(' ').map((name) => [name, 0]),
])

/** The cells of a household in `dtks_rumah_tangga.csv`. */
export function householdContent(
  { family, address, village, members }: FamilySighting,
  key: string,
): Record<string, unknown> {
  const { house } = family
  return {
    ...FLAGS,
    IDBDT: key,
    ...dtksVillage(village.bps),
    Alamat: address.address,
    AdaPKH: 0,
    AdaPBDT: 1,
    AdaKKS2016: 0,
    AdaKKS2017: 0,
    AdaPBI: 1,
    AdaDapodik: 0,
    PesertaKIP: 0,
    Nama_SLS: `RT ${digits(address.rt, 3)} RW ${digits(address.rw, 3)}`,
    Nama_KRT: family.members[0]?.name,
    Jumlah_ART: members.length,
    Jumlah_Keluarga: 1,
    sta_bangunan: 1,
    sta_lahan: 1,
    luas_lantai: family.area,
    lantai: FLOOR[house.floor],
    dinding: house.wall,
    kondisi_dinding: house.wall < 4 ? 1 : '',
    atap: ROOF[house.roof],
    kondisi_atap: 1,
    jumlah_kamar: 2,
    sumber_airminum: WATER[house.water],
    cara_peroleh_airminum: 3,
    sumber_penerangan: 1,
    daya: house.power,
    bb_masak: FUEL[house.fuel],
    fasbab: TOILET[house.toilet],
    kloset: 1,
    buang_tinja: 1,
    sta_art_usaha: 2,
    sta_keberadaan_RT: 1,
    percentile: family.decile * 10 - 4,
    lat: family.position.lat.toFixed(6),
    long: family.position.lng.toFixed(6),
    status_kesejahteraan: Math.min(5, family.decile),
    nourut_rt: 1,
  }
}

/** The village in four parts, and whole. */
export function dtksVillage(bps: string) {
  return {
    KDGabungan4: bps,
    KDPROP: bps.slice(0, 2),
    KDKAB: bps.slice(2, 4),
    KDKEC: bps.slice(4, 7),
    KDDESA: bps.slice(7),
  }
}
