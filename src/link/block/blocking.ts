import { soundOf } from '../compare/compare-names.ts'
import type { Features } from '../compare/features.ts'
import { COMMON_WORDS } from '../compare/name-words.ts'
import type { Model } from '../score/model.ts'
import { birthOf, initialOf, isNumbered, nearTexts } from './neighbours.ts'

// Digits of the regency in a BPS code of a village.
const REGENCY = 4

/**
 * Texts by which a record is found again, each with the purpose of its blind index. Nearly all strangers of a large registry meet by
 * the one that `isDated`: by birth date and place.
 */
export type BlockingText = { purpose: 'nik' | 'kk' | 'household' | 'name'; text: string; isDated?: true }

/** What others find a record by (`stored`), and what it looks for (`asked`): the first `shared` of both are the same. */
export type BlockingTexts = { stored: BlockingText[]; asked: BlockingText[]; shared: number }

/**
 * The blocking texts of a record. Each text leaves out
 * what the others rest on, so that one error hides nobody, and each gathers only a few people of a nation. Each costs a row and
 * a look-up: one more, by the second word of a name, found 0.1 % more pairs and took a sixth of the speed.
 */
export function blockingTexts(
  features: Features,
  { keys, namedKeys = [] }: Pick<Model, 'keys' | 'namedKeys'> = { keys: [] },
): BlockingTexts {
  const { words, nik, village, extras } = features
  const birth = birthOf(features)
  const stored: BlockingText[] = []
  const name = words
    .map(soundOf)
    .filter((sound) => sound !== '')
    .sort()
    .join(' ')
  if (nik !== undefined) stored.push({ purpose: 'nik', text: nik })
  const texts = new Set<string>()
  if (birth !== undefined && name !== '') {
    const date = `${birth.year}-${birth.month}-${birth.day}`
    stored.push({ ...byName(`date|${date}|${placeText(features)}`), isDated: true })
    texts.add(`born|${date}|${name}`)
    if (village === undefined) texts.add(`name|${name}|${birth.year}`)
  }
  for (const key of keys) if (extras[key] !== undefined) texts.add(`extra|${key}|${extras[key]}`)
  for (const key of namedKeys) for (const text of namedTexts(features, key)) texts.add(`named|${key}|${text}`)
  for (const text of texts) stored.push(byName(text))
  const asked = [...stored]
  const shared = stored.length
  // Two records with a NIK that says their birth date are found by the keys above. These are for pairs of which one has none.
  // A record with such a NIK asks for those without, and those without ask for all: neither is missed, whichever comes first.
  for (const { own, near } of nearTexts(features)) {
    stored.push(byName(own))
    // A record that guessed its year is stored under the years near it as well: it is found by one that did not guess.
    asked.push(byName(`unnumbered|${own}`))
    if (isNumbered(features)) continue
    stored.push(...near.map((text) => byName(`unnumbered|${text}`)))
    asked.push(...near.map(byName))
  }
  const home = homeOf(features)
  if (home !== undefined) {
    // A member with no NIK to tell is found by the card or household of the family.
    if (!isNumbered(features)) stored.push(home)
    asked.push(home)
  }
  return { stored, asked, shared }
}

/** Whether one of two records finds the other by a blocking text. */
export function meet(a: Features, b: Features, model: Pick<Model, 'keys' | 'namedKeys'>): boolean {
  const [one, other] = [blockingTexts(a, model), blockingTexts(b, model)]
  const stored = (texts: readonly BlockingText[]) => new Set(texts.map(({ text }) => text))
  const [here, there] = [stored(one.stored), stored(other.stored)]
  return one.asked.some(({ text }) => there.has(text)) || other.asked.some(({ text }) => here.has(text))
}

/** What the family of a person is known by: its card, else the household of the source. */
function homeOf({ kk, household }: Features): BlockingText | undefined {
  if (kk !== undefined) return { purpose: 'kk', text: kk }
  return household === undefined ? undefined : { purpose: 'household', text: household }
}

/** What parts people of one birth date: regency, sex and an initial, else the start of a word. One date and sex are thirty in a regency of two million, hundreds in a nation. */
function placeText({ village, sex, words }: Features): string {
  if (village === undefined) return soundOf(rarestWords(words)[0] ?? '').slice(0, 3)
  return `${village.slice(0, REGENCY)}|${sex ?? ''}|${initialOf(ownWord(words))}`
}

/** The first word of a name that is none of the commonest, if there is one. */
function ownWord(words: readonly string[]): string {
  return words.find((word) => !COMMON_WORDS.has(word)) ?? words[0] ?? ''
}

function byName(text: string): BlockingText {
  return { purpose: 'name', text }
}

/** A text of the source together with the beginning of each of two words of the name. */
export function namedTexts({ words, extras }: Features, key: string): string[] {
  const value = extras[key]
  return value === undefined ? [] : rarestWords(words).map((word) => `${value}|${soundOf(word).slice(0, 3)}`)
}

/** The two words of a name that are likely the rarest: none of the commonest if possible, then the longest. */
function rarestWords(words: readonly string[]): string[] {
  return words
    .toSorted(
      (a, b) => Number(COMMON_WORDS.has(a)) - Number(COMMON_WORDS.has(b)) || b.length - a.length || (a < b ? -1 : 1),
    )
    .slice(0, 2)
}
