import { readFileSync } from 'node:fs'

type Village = { bps: string; kemendagri: string }
const SYLLABLES = [
  'SU',
  'TRI',
  'WA',
  'HYU',
  'NI',
  'RA',
  'DE',
  'WI',
  'LAS',
  'TA',
  'RI',
  'BU',
  'DI',
  'MAN',
  'TO',
  'NO',
  'KAR',
  'SA',
  'MI',
  'YA',
]
const HOUSING = {
  status_rumah: ['Milik Sendiri', 'Sewa/Kontrak', 'Menumpang (Bebas Sewa)', 'Rumah Dinas', 'Lainnya'],
  jenis_lantai: ['Marmer/Granit', 'Keramik', 'Ubin/Tegel', 'Plester/Semen', 'Tanah'],
  jenis_dinding: ['Tembok Bata/Batako', 'Papan/Triplek/Gypsum', 'Bambu'],
  jenis_atap: ['Genteng', 'Seng', 'Asbes', 'Dak Beton'],
  sumber_air_minum: ['Air Isi Ulang', 'PAM', 'Sumur Bor/Jet Pump', 'Air Kemasan'],
  bahan_bakar: ['LPG 3 kg', 'LPG 12 kg', 'Listrik', 'Gas PGN'],
  jamban: ['Sendiri, septik tank', 'Sendiri, tanpa septik tank', 'Bersama tetangga', 'MCK umum'],
} as const
const WORK = ['Belum/Tidak Bekerja', 'Pedagang', 'Karyawan Swasta', 'Buruh Harian Lepas', 'Wiraswasta']
const SCHOOL = ['Tamat SD/Sederajat', 'SLTP/Sederajat', 'SLTA/Sederajat', 'Diploma III', 'Diploma IV/Strata I']

/** A repeatable source of numbers below `n` (mulberry32), so that two runs of the bench push the same bytes. */
export function numbersFrom(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }
}

/** The villages of Jakarta, in both schemes, from the registry. */
function jakartaVillages(): Village[] {
  const file = new URL('../src/registry/regions/villages.csv', import.meta.url)
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  return rows
    .filter((row) => row.startsWith('31'))
    .map((row) => {
      const [bps = '', kemendagri = ''] = row.split(',')
      return { bps, kemendagri }
    })
}

/**
 * Lines of synthetic CARIK families (`count` of them from number `first` on, about 3.5 members each): every value is drawn, so it is
 * nobody's data.
 */
export function* families(count: number, seed = 1, first = 0): Generator<string> {
  const below = numbersFrom(seed + first)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const two = (n: number) => String(n).padStart(2, '0')
  const name = () => [pick(SYLLABLES) + pick(SYLLABLES), pick(SYLLABLES) + pick(SYLLABLES) + pick(SYLLABLES)].join(' ')
  const villages = jakartaVillages()
  for (let i = first; i < first + count; i++) {
    const village = pick(villages)
    const district = village.kemendagri.replaceAll('.', '').slice(0, 6)
    const number = String(i + 1).padStart(8, '0')
    const members = Array.from({ length: 2 + below(4) }, (_, m) => {
      const female = m === 1 || (m > 1 && below(2) === 1)
      const year = m < 2 ? 1955 + below(40) : 1996 + below(28)
      const [month, day] = [1 + below(12), 1 + below(28)]
      // The serial counts through the families: about one NIK in 90,000 still occurs twice, and is held as a shared one.
      const serial = String(1 + ((i * 7 + m) % 9999)).padStart(4, '0')
      return {
        id_individu: `IDV-${number}${two(m + 1)}`,
        nik: `${district}${two(day + (female ? 40 : 0))}${two(month)}${two(year % 100)}${serial}`,
        nama: name(),
        jenis_kelamin: female ? 'P' : 'L',
        tempat_lahir: 'JAKARTA',
        tanggal_lahir: `${year}-${two(month)}-${two(day)}`,
        hubungan: m === 0 ? 'Kepala Keluarga' : m === 1 ? 'Istri' : 'Anak',
        status_kawin: m < 2 ? 'Kawin' : 'Belum Kawin',
        pendidikan: pick(SCHOOL),
        pekerjaan: pick(WORK),
        hamil: null,
        disabilitas: 'Tidak',
        bpjs: 'PBI',
      }
    })
    yield JSON.stringify({
      id_keluarga: `KLG-${number}`,
      no_kk: `${district}${two(1 + below(28))}${two(1 + below(12))}${two(5 + below(20))}${String(1 + (i % 9999)).padStart(4, '0')}`,
      kode_kelurahan: village.bps,
      kode_kelurahan_capil: village.kemendagri,
      alamat: `JL. CONTOH NO. ${1 + below(200)}`,
      rt: `0${two(1 + below(20))}`,
      rw: `0${two(1 + below(12))}`,
      dasawisma: String(1 + below(12)),
      status_rumah: pick(HOUSING.status_rumah),
      luas_lantai: 12 + below(120),
      jenis_lantai: pick(HOUSING.jenis_lantai),
      jenis_dinding: pick(HOUSING.jenis_dinding),
      jenis_atap: pick(HOUSING.jenis_atap),
      sumber_air_minum: pick(HOUSING.sumber_air_minum),
      penerangan: 'PLN Meteran Sendiri',
      daya: '900 VA',
      bahan_bakar: pick(HOUSING.bahan_bakar),
      jamban: pick(HOUSING.jamban),
      tanggal_pendataan: `2025-0${1 + below(6)}-1${below(10)}`,
      anggota: members,
    })
  }
}
