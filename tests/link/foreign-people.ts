import { numbersFrom } from '../../bench/families.ts'

const COLUMNS = ['given_name', 'surname', 'born', 'house', 'street', 'town', 'postcode', 'insurance'] as const
type Column = (typeof COLUMNS)[number]
type Row = Record<Column, string>

const STARTS = 'AL BER COR DA EL FEN GAR HAR IS JO KEN LU MAR NOR OS PEN QUIN RO SAM TRE UL VI WEX YOR'.split(' ')
const ENDS = 'A AN BERT DEN ETTE FRED GAN IE LA LEY LIN MOND NA RICK SON TON VER WIN'.split(' ')
const PLACES = 'BROOK BURY COMBE DALE FIELD FORD GATE HAM HURST LEY MERE MOOR STEAD THORPE WICK WOOD'.split(' ')
const NICKNAME_LETTERS = 3
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/**
 * A population of another country as a CSV file, in an order of its own: each person once as they are and up to `most` times
 * more, mistyped; `household` persons share a surname and an address. The person is what stands before the `-` of a key.
 */
export function foreignFile({ persons, most, household }: { persons: number; most: number; household: number }): {
  csv: string
  keys: string[]
} {
  const below = numbersFrom(most)
  const rows: { key: string; row: Row; at: number }[] = []
  let head = someone(below)
  for (let person = 0; person < persons; person++) {
    if (person % household === 0) head = someone(below)
    const { given_name, born, insurance } = someone(below)
    const row = { ...head, given_name, born, insurance }
    const copies = most === 1 ? 1 : below(most + 1)
    for (let copy = 0; copy <= copies; copy++) {
      rows.push({ key: `${person}-${copy}`, row: copy === 0 ? row : mistyped(row, below), at: below(1_000_000) })
    }
  }
  rows.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
  const lines = rows.map(({ key, row }) => [key, ...COLUMNS.map((column) => row[column])].join(','))
  return { csv: `${['rec_id', ...COLUMNS].join(',')}\n${lines.join('\n')}\n`, keys: rows.map(({ key }) => key) }
}

type Below = (n: number) => number

function someone(below: Below): Row {
  const pick = (list: readonly string[]) => list[below(list.length)]?.toLowerCase() ?? ''
  // The square makes some words common and most of them rare, as names are.
  const often = (list: readonly string[]) =>
    list[Math.floor((below(1000) ** 2 / 1e6) * list.length)]?.toLowerCase() ?? ''
  const two = (n: number) => String(n).padStart(2, '0')
  const town = below(400)
  return {
    given_name: often(STARTS) + often(ENDS),
    surname: often(STARTS) + pick(ENDS) + often(PLACES),
    born: `${1920 + below(95)}${two(1 + below(12))}${two(1 + below(28))}`,
    house: String(1 + below(150)),
    street: `${pick(STARTS)}${pick(PLACES)} ${pick(['street', 'lane', 'close', 'road'])}`,
    town:
      STARTS[town % STARTS.length]?.toLowerCase() +
      (PLACES[town % PLACES.length]?.toLowerCase() ?? '') +
      pick(['', ' green']),
    postcode: String(2000 + town * 7),
    insurance: String(1_000_000 + below(9_000_000)),
  }
}

/** One to four mistakes, as clerks make them. */
function mistyped(row: Row, below: Below): Row {
  const wrong = { ...row }
  for (let left = 1 + below(4); left > 0; left--) {
    const column = COLUMNS[below(COLUMNS.length)] ?? 'street'
    const kind = below(10)
    if (kind < 5) wrong[column] = typed(wrong[column], below)
    else if (kind === 5) wrong[column] = ''
    else if (kind === 6) [wrong.given_name, wrong.surname] = [wrong.surname, wrong.given_name]
    else if (kind === 7) wrong.given_name = wrong.given_name.slice(0, NICKNAME_LETTERS)
    else if (kind === 8) wrong.born = wrong.born.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1$3$2')
    else wrong.street = wrong.street.replace('street', 'st').replace('road', 'rd')
  }
  return wrong.given_name + wrong.surname === '' ? row : wrong
}

/** A letter or digit other, less, more, or exchanged with the next. */
function typed(text: string, below: Below): string {
  if (text.length < 2) return text
  const at = below(text.length - 1)
  const [before, here, next, after] = [text.slice(0, at), text[at], text[at + 1], text.slice(at + 2)]
  const other = /\d/.test(here ?? '') ? String(below(10)) : LETTERS[below(26)]
  return (
    [
      `${before}${other}${next}${after}`,
      `${before}${next}${after}`,
      `${before}${here}${other}${next}${after}`,
      `${before}${next}${here}${after}`,
    ][below(4)] ?? text
  )
}
