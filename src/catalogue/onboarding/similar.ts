/** Abbreviations in column names of Indonesian registers, written out, and what other countries call names, birth and sex. */
const WRITTEN_OUT: Record<string, string> = {
  tgl: 'tanggal',
  tmp: 'tempat',
  tmpt: 'tempat',
  thn: 'tahun',
  jns: 'jenis',
  jk: 'jenis kelamin',
  lp: 'jenis kelamin',
  gender: 'jenis kelamin',
  sex: 'jenis kelamin',
  no: 'nomor',
  nmr: 'nomor',
  nomer: 'nomor',
  nik: 'nomor induk kependudukan',
  kk: 'kartu keluarga',
  nokk: 'nomor kartu keluarga',
  hub: 'hubungan',
  shdk: 'status hubungan keluarga',
  pend: 'pendidikan',
  pek: 'pekerjaan',
  kerja: 'pekerjaan',
  profesi: 'pekerjaan',
  sta: 'status',
  stat: 'status',
  sts: 'status',
  nikah: 'kawin',
  perkawinan: 'kawin',
  pernikahan: 'kawin',
  prov: 'provinsi',
  propinsi: 'provinsi',
  kab: 'kabupaten',
  kec: 'kecamatan',
  distrik: 'kecamatan',
  kel: 'kelurahan',
  ds: 'desa',
  kalurahan: 'kelurahan',
  kapanewon: 'kecamatan',
  gampong: 'desa',
  nagari: 'desa',
  kd: 'kode',
  jml: 'jumlah',
  jlh: 'jumlah',
  almt: 'alamat',
  nm: 'nama',
  wc: 'bab',
  jamban: 'bab',
  lampu: 'penerangan',
  listrik: 'penerangan',
  usia: 'umur',
  hamil: 'kehamilan',
  name: 'nama',
  names: 'nama',
  fullname: 'nama lengkap',
  first: 'depan',
  given: 'depan',
  middle: 'tengah',
  last: 'belakang',
  firstname: 'nama depan',
  givenname: 'nama depan',
  forename: 'nama depan',
  fname: 'nama depan',
  lastname: 'nama belakang',
  surname: 'nama belakang',
  family: 'keluarga',
  lname: 'nama belakang',
  date: 'tanggal',
  birth: 'lahir',
  birthdate: 'tanggal lahir',
  birthday: 'tanggal lahir',
  dob: 'tanggal lahir',
  lhr: 'lahir',
  relation: 'hubungan keluarga',
  relationship: 'hubungan keluarga',
  marital: 'kawin',
  address: 'alamat',
  age: 'umur',
  of: '',
}

/** The words of a name in small letters, abbreviations written out and English ones in Indonesian. */
export function wordsOf(name: string): string[] {
  const words = name
    .normalize('NFKD')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    // Of a table on paper the heading is what may be ticked.
    .replace(/\bl ?[/-] ?p\b/, 'lp')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const written = words.map((word) => (Object.hasOwn(WRITTEN_OUT, word) ? (WRITTEN_OUT[word] ?? '') : word))
  return written.flatMap((text) => text.split(' ')).filter((word) => word !== '')
}

/** How much two names have in common, 0 to 1; `weightOf` says how much a word tells. */
export function likeness(a: readonly string[], b: readonly string[], weightOf: (word: string) => number): number {
  const rest = [...b]
  let common = 0
  for (const word of a) {
    const at = rest.findIndex((other) => areSame(word, other))
    if (at === -1) continue
    common += weightOf(word) + weightOf(rest[at] ?? '')
    rest.splice(at, 1)
  }
  const all = [...a, ...b].reduce((sum, word) => sum + weightOf(word), 0)
  return all === 0 ? 0 : common / all
}

function areSame(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  return short.length >= 4 && long.startsWith(short)
}

/** How alike two labels are, 0 to 1: the pairs of letters that they share (Dice), or whole words of one inside the other. */
export function labelLikeness(a: string, b: string): number {
  const [left, right] = [pairsOf(a), pairsOf(b)]
  if (left.length === 0 || right.length === 0) return 0
  const rest = [...right]
  let common = 0
  for (const pair of left) {
    const at = rest.indexOf(pair)
    if (at === -1) continue
    rest.splice(at, 1)
    common += 1
  }
  const dice = (2 * common) / (left.length + right.length)
  const [short, long] = [wordsOf(a), wordsOf(b)].sort((x, y) => x.length - y.length)
  const inside = short !== undefined && long !== undefined && short.every((word) => long.includes(word))
  return inside ? Math.max(dice, 0.8) : dice
}

function pairsOf(label: string): string[] {
  const letters = label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
  return Array.from({ length: Math.max(0, letters.length - 1) }, (_, at) => letters.slice(at, at + 2))
}
