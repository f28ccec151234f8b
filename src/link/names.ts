/** A name made comparable: spelling of today, no titles, one letter for letters that sound alike (domain/names.md, section 3). */
export type FoldedName = {
  words: string[]
  /** Name of the father after bin or binti, folded; it is no part of the name. */
  father: string[]
  /** Marked as deceased (almarhum). */
  isLate: boolean
}

const BEFORE = new Set(
  'H HJ HAJI HAJJAH KH K KI NYI R RR RA RADEN RM TN NY NN SDR SDRI DRS DRA DR IR PROF TGK DATUK BPK BAPAK IBU'.split(
    ' ',
  ),
)
const AFTER = new Set(
  'SE SH ST MM MH MSI MPD SPD SPDI SAG SKM SKOM SSOS SIP AMD AMDKEB AMKEB MBA SST STR SP SPT SHUT MT MKES SKED'.split(
    ' ',
  ),
)
const LATE = new Set(['ALM', 'ALMH', 'ALMARHUM', 'ALMARHUMAH'])
const CHILD_OF = new Set(['BIN', 'BINTI', 'BINTE', 'BT', 'BTE'])
const WHOLE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    MUHAMAD:
      'MUH MOH MOCH MOHD MHD MUHD MUHAMMAD MUHAMAD MUHAMMED MUHAMED MOHAMAD MOHAMMAD MOCHAMAD MOCHAMMAD MOKHAMAD',
    AHMAD: 'ACH AKH AHM ACHMAD AKHMAD AHMAD AHMED ACHMED',
    ABDUL: 'ABD ABDUL ABDOEL',
    SITI: 'ST STI SITI SITTI',
    NUR: 'NR NUR NOER NOOR',
    DEWI: 'DW DEWI',
  }).flatMap(([whole, short]) => short.split(' ').map((word) => [word, whole])),
)

/** Folds a name as it stands in a register. */
export function foldName(name: string): FoldedName {
  const tokens = tokensOf(name)
  const isLate = tokens.some((token) => LATE.has(token))
  const words = withoutTitles(tokens.filter((token) => !LATE.has(token)))
  const cut = words.findIndex((word, at) => at > 0 && CHILD_OF.has(word))
  const own = cut < 0 ? words : words.slice(0, cut)
  const father = cut < 0 ? [] : words.slice(cut + 1)
  return { words: own.map(foldAt), father: father.map(foldAt), isLate }
}

/** One word in folded letters, doubled letters once. */
export function foldWord(word: string): string {
  return word
    .replaceAll('OE', 'U')
    .replaceAll('DJ', 'J')
    .replaceAll('TJ', 'C')
    .replaceAll('NJ', 'NY')
    .replace(/SCH|SJ|SH|SY/g, 'S')
    .replace(/CH|KH|Q/g, 'K')
    .replaceAll('DH', 'D')
    .replaceAll('TH', 'T')
    .replace(/PH|F|V/g, 'P')
    .replaceAll('Z', 'S')
    .replaceAll('Y', 'I')
    .replaceAll('IE', 'I')
    .replace(/(.)\1+/g, '$1')
}

/** Upper case without accents; full stops inside a degree vanish (S.Pd.I), all other signs part words. */
function tokensOf(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/['’‘`]/g, '')
  const tokens: string[] = []
  for (const piece of plain.split(/[\s,;/()"]+/)) {
    const solid = piece.replaceAll('.', '')
    if (piece !== solid && AFTER.has(solid)) tokens.push(solid)
    else for (const word of piece.split(/[^\p{L}\p{N}]+/u)) if (word !== '') tokens.push(word)
  }
  return tokens
}

/** A title is only what leaves a name behind. */
function withoutTitles(tokens: readonly string[]): string[] {
  let from = 0
  let to = tokens.length
  while (from < to - 1 && BEFORE.has(tokens[from] ?? '')) from += 1
  while (from < to - 1 && AFTER.has(tokens[to - 1] ?? '')) to -= 1
  return tokens.slice(from, to)
}

function foldAt(word: string, at: number, words: readonly string[]): string {
  // A bare M is Muhammad only before another word; alone or last it is an initial.
  if (word === 'M' && at === 0 && words.length > 1) return 'MUHAMAD'
  return foldWord(WHOLE.get(word) ?? word)
}
