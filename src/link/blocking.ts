import { soundOf } from './compare-names.ts'
import type { Model } from './model.ts'
import { COMMON_WORDS } from './name-words.ts'
import type { BirthDate, Portrait } from './portrait.ts'

/** Texts by which a record is found again, each with the purpose of its blind index. */
export type BlockingText = { purpose: 'nik' | 'kk' | 'name'; text: string }

/**
 * What is stored of a record, so that others of the same person find it, and what it asks for besides. Each text leaves out what
 * the others rest on, so that one error does not hide a person, and none gathers more than a few in a nation. Each costs a row
 * and a look-up: one more by the second word of a name found 0.1 % more pairs and took a sixth of the speed.
 */
export function blockingTexts(
  portrait: Portrait,
  { keys, namedKeys = [] }: Pick<Model, 'keys' | 'namedKeys'> = { keys: [] },
): { stored: BlockingText[]; asked: BlockingText[] } {
  const { words, birth, nik, kk, village, extras } = portrait
  const stored: BlockingText[] = []
  const name = words
    .map(soundOf)
    .filter((sound) => sound !== '')
    .sort()
    .join(' ')
  if (nik !== undefined) stored.push({ purpose: 'nik', text: nik })
  const texts = new Set<string>()
  if (birth !== undefined) {
    const date = `${birth.year}-${birth.month}-${birth.day}`
    // Of one date and beginning a nation has hundreds, a regency a few.
    const regency = village?.slice(0, 4) ?? ''
    const [rarest] = rarestWords(words)
    if (rarest !== undefined) texts.add(`date|${date}|${soundOf(rarest).slice(0, 3)}|${regency}`)
    if (name !== '') texts.add(`born|${date}|${name}`)
  }
  if (name !== '') {
    if (village !== undefined) texts.add(`local|${village}|${name}`)
    else if (birth !== undefined) texts.add(`name|${name}|${birth.year}`)
  }
  for (const key of keys) if (extras[key] !== undefined) texts.add(`extra|${key}|${extras[key]}`)
  for (const key of namedKeys) for (const text of namedTexts(portrait, key)) texts.add(`named|${key}|${text}`)
  for (const text of texts) stored.push(byName(text))
  const asked = [...stored]
  // Two whose NIK says their birth date are found by it or by the keys above; these are for those of whom one has no such NIK.
  // Who has one asks for who has none, and they ask for all: so neither is missed, whoever comes first, and few are compared
  // in vain.
  const day = dayOf(portrait)
  if (day !== undefined) {
    const isNumbered = nik !== undefined && birth !== undefined && saysBirth(nik, birth)
    const [all, unnumbered] = [byName(`day|${day}`), byName(`day-unnumbered|${day}`)]
    stored.push(all)
    if (!isNumbered) stored.push(unnumbered)
    asked.push(isNumbered ? unnumbered : all)
  }
  if (kk !== undefined) {
    const card: BlockingText = { purpose: 'kk', text: kk }
    // The family's members are found by the family.
    if (nik === undefined) stored.push(card)
    asked.push(card)
  }
  return { stored, asked }
}

/** Whoever was born on a day in some year of a decade, under whatever name: in a town of forty thousand a few. */
function dayOf({ birth, village, sex }: Portrait): string | undefined {
  if (birth === undefined || village === undefined) return undefined
  return `${village}|${birth.month}-${birth.day}|${Math.floor(birth.year / 10)}|${sex ?? ''}`
}

/** Whether a NIK holds a birth date: digits 7 to 12 are DDMMYY, of women with 40 added to the day (UU 23/2006 ps 13, PP 37/2007). */
function saysBirth(nik: string, { year, month, day }: BirthDate): boolean {
  return (
    Number(nik.slice(6, 8)) % 40 === day &&
    Number(nik.slice(8, 10)) === month &&
    Number(nik.slice(10, 12)) === year % 100
  )
}

function byName(text: string): BlockingText {
  return { purpose: 'name', text }
}

/** What a text of the source and the beginning of a word of the name are together. */
export function namedTexts({ words, extras }: Portrait, key: string): string[] {
  const value = extras[key]
  return value === undefined ? [] : rarestWords(words).map((word) => `${value}|${soundOf(word).slice(0, 3)}`)
}

/** Two words that are likely to part a name from others: none of the commonest if possible, then the longest. */
function rarestWords(words: readonly string[]): string[] {
  return words
    .toSorted(
      (a, b) => Number(COMMON_WORDS.has(a)) - Number(COMMON_WORDS.has(b)) || b.length - a.length || (a < b ? -1 : 1),
    )
    .slice(0, 2)
}
