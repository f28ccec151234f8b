// Words that sources write in several ways, in the form most of them use; '' is written or left out.
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
  ['NOMOR', ''],
  ['NOMER', ''],
  ['NO', ''],
])

/**
 * An address as it is compared: upper case, words in one form, without the numbers of RT and RW, which some sources write into
 * it and others beside it. Undefined where nothing is left.
 */
export function foldAddress(text: string): string | undefined {
  const words = text
    .toUpperCase()
    .replace(/\bR\.?[TW]\.?[\s:.]*\d+(?:\s*\/\s*(?:R\.?W\.?)?\s*\d+)?/g, ' ')
    .match(/[\p{L}\p{N}]+/gu)
  const folded = (words ?? []).map((word) => FORMS.get(word) ?? word).filter((word) => word !== '')
  return folded.length === 0 ? undefined : folded.join(' ')
}

/** Whether a folded address names a house by its number; without one it names a hamlet or a street, where many live. */
export function namesHouse(address: string): boolean {
  return /\p{N}/u.test(address)
}
