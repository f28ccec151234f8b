// Words that sources write in several ways, in the form most of them use.
const FORMS: ReadonlyMap<string, string> = new Map([
  ['JALAN', 'JL'],
  ['JLN', 'JL'],
  ['GANG', 'GG'],
  ['DSN', 'DUSUN'],
  ['DUKUH', 'DK'],
  ['DKH', 'DK'],
  ['KAMPUNG', 'KP'],
  ['KAMP', 'KP'],
  ['LINGK', 'LINGKUNGAN'],
  ['LINK', 'LINGKUNGAN'],
  ['LK', 'LINGKUNGAN'],
  ['BANJAR', 'BR'],
  ['BLK', 'BLOK'],
  ['PERUMAHAN', 'PERUM'],
  ['PRM', 'PERUM'],
  ['KOMPLEKS', 'KOMPLEK'],
  ['KOMP', 'KOMPLEK'],
])
const NUMBER: readonly string[] = ['NO', 'NOMOR', 'NOMER']
const STREET: readonly string[] = ['JL', 'GG', 'PERUM', 'KOMPLEK']
// A number right behind one of these is its own: lane 3, block 4, kilometre 12.
const NUMBERED: readonly string[] = [...STREET, 'BLOK', 'KM', 'LORONG', 'DUSUN', 'DK', 'KP', 'LINGKUNGAN', 'BR']
const HOUSE = /^\d+[A-Z]?$/

/**
 * An address as it is compared: upper case, words in one form, without the numbers of RT and RW, which some sources write into
 * it and others beside it. The number of a house has a # before it: one that is called so (NO. 12), or the last of a street. A
 * hamlet has a number more often than a house in it (Krajan 2). Undefined where no name is left.
 */
export function foldAddress(text: string): string | undefined {
  const words: string[] = []
  const given = withoutNeighbourhood(text.toUpperCase().match(/[\p{L}\p{N}]+/gu) ?? [])
  given.forEach((word, at) => {
    const before = given[at - 1] ?? ''
    if (NUMBER.includes(word)) return
    if (HOUSE.test(word) && NUMBER.includes(before)) words.push(`#${word}`)
    else if (/^[A-Z]$/.test(word) && /^#\d+$/.test(words.at(-1) ?? '')) words.push(`${words.pop()}${word}`)
    else words.push(FORMS.get(word) ?? word)
  })
  const [last = '', before = ''] = words.toReversed()
  const isOfStreet = words.some((word) => STREET.includes(word)) && !NUMBERED.includes(before)
  if (isOfStreet && HOUSE.test(last)) words[words.length - 1] = `#${last}`
  return words.some((word) => /\p{L}/u.test(word) && !word.startsWith('#')) ? words.join(' ') : undefined
}

/** How two addresses of one village agree: in the house, as far as the hamlet or street goes, or not. */
export function compareAddresses(a: string, b: string): 'house' | 'hamlet' | 'other' {
  const [one, other] = [a, b].map((address) => address.replaceAll('#', ''))
  if (one === other) return a.includes('#') || b.includes('#') ? 'house' : 'hamlet'
  // Some sources leave out the number of the house.
  return one?.startsWith(`${other} `) || other?.startsWith(`${one} `) ? 'hamlet' : 'other'
}

/** Without RT and RW and the numbers behind them: RT 002/009, RT 2 RW 9, RT/RW 002/009, R.T. 02, RT02. */
function withoutNeighbourhood(words: readonly string[]): string[] {
  const kept: string[] = []
  let numbers = 0
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const isSpelt = word === 'R' && ['T', 'W'].includes(words[at + 1] ?? '')
    if (isSpelt) at += 1
    if (isSpelt || word === 'RT' || word === 'RW') numbers = 2
    else if (/^R[TW]\d+$/.test(word)) numbers = 0
    else if (numbers > 0 && /^(?:\d+|[IVX]+)$/.test(word)) numbers -= 1
    else {
      numbers = 0
      kept.push(word)
    }
  }
  return kept
}
