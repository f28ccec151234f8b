import type { Convert } from './converter.ts'

/** Titles before a name: of pilgrims, clerics, nobility, scholars and offices, without their dots. */
const BEFORE = new Set(
  'H HJ HI DR DRS DRA DRG DRH IR PROF KH K KI NYAI UST USTADZ USTAZ USTADZAH GUS BPK BAPAK IBU SDR SDRI TN NY NN ENGKU PDT PASTOR ROMO SR ST PEMANGKU KAPTEN KOMPOL AKP AKBP KOLONEL LETKOL MAYOR LETTU LETDA SERKA SERDA BRIPKA AIPTU AIPDA'.split(
    ' ',
  ),
)
/** One letter that begins many names is a title only with its dot: `H. AHMAD`, but `H AHMAD` may be a name. */
const NEEDS_DOT = new Set(['H', 'K', 'HI', 'KI', 'ST', 'SR', 'NN', 'IBU', 'GUS'])
/** The dead, wherever it stands. */
const DEAD = /(?:^|[\s,(])(?:ALMH|ALMARHUMAH|ALMARHUM|ALM)(?:[.)\s,]+|$)/
/** Behind a comma, each part of letters and dots is a degree: S.PD, M.SI., A.MD.KEB, SH, MM, SP.A(K). */
const DEGREE = /^(?:[A-Z]{1,5}\.)*[A-Z]{1,5}\.?(?:\((?:K|CAND)\.?\))?$/
/** Without a comma only what is surely none of the name: letters with dots, of at most four each. */
const DOTTED_DEGREE = /^(?:[SMDA]\.[A-Z]{1,4}\.?(?:[A-Z]{1,4}\.?)*)$/

/** What stands beside a name: the name itself, the titles as they stood, and whether it is marked as one of the dead. */
type Parted = { name: string; titles: string[]; isDead: boolean }

/** Parts a name in capitals from its titles. A name that would be nothing but titles stays as it is. */
function partName(words: string): Parted {
  const isDead = DEAD.test(words)
  const living = isDead
    ? words
        .replace(DEAD, ' ')
        .replace(/\(\s*\)/g, ' ')
        .trim()
        .replace(/\s+/g, ' ')
    : words
  const [first = '', ...behind] = living.split(',').map((part) => part.trim())
  const titles: string[] = []
  let rest = first.split(' ')
  while (rest.length > 1 && isTitle(rest[0] ?? '')) titles.push(rest.shift() ?? '')
  rest = rest.flatMap((word) => glued(word, titles))
  const degrees: string[] = []
  while (rest.length > 1 && DOTTED_DEGREE.test(rest.at(-1) ?? '')) degrees.unshift(rest.pop() ?? '')
  const others = behind.flatMap((part) => part.split(' ')).filter((part) => part !== '')
  if (!others.every((part) => DEGREE.test(part))) return { name: living, titles: [], isDead }
  return { name: rest.join(' '), titles: [...titles, ...degrees, ...others], isDead }
}

function isTitle(word: string): boolean {
  const bare = word.replace(/\.+$/, '').replaceAll('.', '')
  return BEFORE.has(bare) && (word.endsWith('.') || !NEEDS_DOT.has(bare))
}

/** `H.AHMAD` and `DRS.H.AHMAD`, written without a blank. */
function glued(word: string, titles: string[]): string[] {
  let rest = word
  for (;;) {
    const dot = rest.indexOf('.')
    const head = rest.slice(0, dot)
    if (dot < 1 || dot === rest.length - 1 || titles.length > 5 || !BEFORE.has(head)) return [rest]
    // Dots between single letters are initials, not a title.
    if (rest.slice(dot + 1).replaceAll('.', '').length < 3) return [rest]
    titles.push(`${head}.`)
    rest = rest.slice(dot + 1)
  }
}

/** Reads a name without its titles, which are kept in the extension `gelar`; one marked as dead gets a finding. */
export function titlesApart(read: Convert): Convert {
  return (value, note, beside) => {
    const words = read(value, note, beside)
    if (typeof words !== 'string') return words
    const { name, titles, isDead } = partName(words)
    if (titles.length === 0 && !isDead) return words
    note.said = true
    if (isDead && note.code === '') note.code = 'name-deceased'
    if (titles.length > 0) note.keepAs = { name: 'gelar', value: titles.join(' ') }
    return name
  }
}
