import type { CanonicalRecord } from '../../src/domain/entry.ts'
import type { Attributes, TruthRow } from './sample-truth.ts'

export type Judgement = { field: string; right: boolean }

/** Codes that DTSEN merges: any finer code in them is the same answer. */
export type Merges = (field: string, code: string) => string[] | undefined

/** Truth keys of canonical variables that a source states, by level; `absent` is what a truth without the key means. */
const PERSON: Record<string, { key: string; spoiledBy: RegExp; absent?: string }> = {
  nomor_induk_kependudukan: { key: 'nik', spoiledBy: /^nik_(transposed|of_member)/ },
  nomor_kartu_keluarga: { key: 'no_kk', spoiledBy: /^value_/ },
  nama: { key: 'name', spoiledBy: /^(name_|overlong|formula)/ },
  tanggal_lahir: { key: 'r406', spoiledBy: /^dob_/ },
  jenis_kelamin: { key: 'r405', spoiledBy: /^sex_/ },
  status_kawin: { key: 'r408', spoiledBy: /^value_/ },
  status_hubungan_keluarga: { key: 'r409', spoiledBy: /^value_/ },
  kd_status_kehamilan: { key: 'r410', spoiledBy: /^(value_|sex_|dob_)/ },
  kd_punya_kartuid: { key: 'r411', spoiledBy: /^value_/ },
  partisipasi_sekolah: { key: 'r412', spoiledBy: /^value_/ },
  jenjang_tertinggi_yang_diduduki: { key: 'r413', spoiledBy: /^value_/ },
  kelas_tertinggi_yang_diduduki: { key: 'r414', spoiledBy: /^value_/ },
  ijazah_tertinggi_yang_dimiliki: { key: 'r415', spoiledBy: /^value_/ },
  status_bekerja: { key: 'r416a', spoiledBy: /^(value_|dob_)/ },
  jumlah_jam_kerja_seminggu_lalu: { key: 'r416b', spoiledBy: /^value_/ },
  lapangan_usaha_dari_pekerjaan_utama: { key: 'r417', spoiledBy: /^value_/ },
  status_dalam_pekerjaan_utama: { key: 'r418', spoiledBy: /^value_/ },
  penyakit_kronis: { key: 'r430', spoiledBy: /^value_/ },
  kd_jamkes_setahun: { key: 'r431a', spoiledBy: /^value_/ },
  penglihatan: { key: 'r428a', spoiledBy: /^value_/, absent: '4' },
  pendengaran: { key: 'r428b', spoiledBy: /^value_/, absent: '4' },
  berjalan_atau_naik_tangga: { key: 'r428c', spoiledBy: /^value_/, absent: '4' },
  menggunakan_tangan_jari: { key: 'r428d', spoiledBy: /^value_/, absent: '4' },
  belajar_kemampuan_intelektual: { key: 'r428e', spoiledBy: /^value_/, absent: '4' },
  pengendalian_perilaku: { key: 'r428f', spoiledBy: /^value_/, absent: '4' },
  berbicara_komunikasi: { key: 'r428g', spoiledBy: /^value_/, absent: '4' },
  mengurus_diri: { key: 'r428h', spoiledBy: /^value_/, absent: '4' },
  mengingat_berkonsentrasi: { key: 'r428i', spoiledBy: /^value_/, absent: '4' },
}
const ASSETS =
  'tabung_gas lemari_es ac pemanas_air telepon_rumah tv_datar emas_perhiasan komputer_laptop_tablet sepeda_motor sepeda mobil perahu kapal_perahu_motor'
const FAMILY: typeof PERSON = {
  nomor_kartu_keluarga: { key: 'no_kk', spoiledBy: /^value_/ },
  status_kepemilikan_rumah: { key: 'r301a', spoiledBy: /^value_/ },
  luas_lantai: { key: 'r302', spoiledBy: /^value_/ },
  jenis_lantai_terluas: { key: 'r303', spoiledBy: /^value_/ },
  jenis_dinding_terluas: { key: 'r304', spoiledBy: /^value_/ },
  jenis_atap_terluas: { key: 'r305', spoiledBy: /^value_/ },
  sumber_air_minum_utama: { key: 'r306a', spoiledBy: /^value_/ },
  sumber_penerangan_utama: { key: 'r307a', spoiledBy: /^value_/ },
  daya_terpasang: { key: 'r307b1', spoiledBy: /^value_/ },
  bahan_bakar_utama_memasak: { key: 'r308', spoiledBy: /^value_/ },
  fasilitas_bab: { key: 'r309a', spoiledBy: /^value_/ },
  jenis_kloset: { key: 'r309b', spoiledBy: /^value_/ },
  pembuangan_akhir_tinja: { key: 'r310', spoiledBy: /^value_/ },
  kd_bss_bnpt: { key: 'r501a', spoiledBy: /^value_/, absent: '2' },
  kd_pkh: { key: 'r501b', spoiledBy: /^value_/, absent: '2' },
  kd_blt_dana_desa: { key: 'r501c', spoiledBy: /^value_/, absent: '2' },
  kd_bantuan_pemda: { key: 'r501e', spoiledBy: /^value_/, absent: '2' },
  aset_tidak_bergerak_lahan_lainnya: { key: 'r503a', spoiledBy: /^(value|flag)_/, absent: '2' },
  aset_tidak_bergerak_rumah_lainnya: { key: 'r503b', spoiledBy: /^(value|flag)_/, absent: '2' },
  jumlah_ternak_sapi: { key: 'r504a', spoiledBy: /^value_/, absent: '0' },
  jumlah_ternak_kerbau: { key: 'r504b', spoiledBy: /^value_/, absent: '0' },
  jumlah_ternak_kuda: { key: 'r504c', spoiledBy: /^value_/, absent: '0' },
  jumlah_ternak_babi: { key: 'r504d', spoiledBy: /^value_/, absent: '0' },
  jumlah_ternak_kambing_domba: { key: 'r504e', spoiledBy: /^value_/, absent: '0' },
  ...Object.fromEntries(
    ASSETS.split(' ').map((name, at) => [
      `aset_bergerak_${name}`,
      { key: `r502${'abcdefghijklm'[at]}`, spoiledBy: /^(value|flag)_/, absent: '2' },
    ]),
  ),
}

const LEVELS = { individu: PERSON, keluarga: FAMILY }

/** Places a record can say: on a family as fields, on a person of a dataset without family rows as extensions. */
const PLACE: typeof PERSON = {
  kode_kelurahan_desa: { key: 'village_bps', spoiledBy: /^village_/ },
  kode_kelurahan_desa_kemendagri: { key: 'village_kemendagri', spoiledBy: /^village_/ },
}

/** Compares the values and the candidates of one record with the truth, field by field; what the row's own error spoils is left out. */
export function scoreRecord(record: CanonicalRecord, row: TruthRow, truth: Attributes, merges: Merges): Judgement[] {
  const values: Record<string, unknown> = { ...record.candidates, ...record.fields }
  for (const name of Object.keys(PLACE)) values[name] ??= record.extensions?.[name]
  const judged: Judgement[] = []
  for (const [field, { key, spoiledBy, absent }] of Object.entries({ ...PLACE, ...LEVELS[record.level] })) {
    const value = values[field]
    if (value === undefined || row.errors.some((kind) => spoiledBy.test(kind))) continue
    if (key === 'nik' && row.nik_state !== 'ok') continue
    const real = truth[key] ?? absent
    judged.push({ field, right: real !== undefined && agrees(field, value, String(real), merges) })
  }
  return judged
}

function agrees(field: string, value: unknown, real: string, merges: Merges): boolean {
  if (Array.isArray(value)) return value.includes(real)
  return String(value) === real || merges(field, String(value))?.includes(real) === true
}
