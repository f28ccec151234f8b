import { soundOf } from '../compare/compare-names.ts'
import type { Features } from '../compare/features.ts'
import { COMMON_WORDS } from '../compare/name-words.ts'
import type { Model } from '../score/model.ts'
import { birthOf, initialOf, isNumbered, nearTexts } from './neighbours.ts'

// Digits of the regency in a BPS code of a village.
const REGENCY = 4

/** Texts by which a record is found again, each with the purpose of its blind index. */
export type BlockingText = { purpose: 'nik' | 'kk' | 'household' | 'name'; text: string }

/**
 * What is stored of a record, so that others of the same person find it, and what it asks for besides. Each text leaves out what
 * the others rest on, so that one error does not hide a person, and none gathers more than a few in a nation. Each costs a row
 * and a look-up: one more by the second word of a name found 0.1 % more pairs and took a sixth of the speed.
 */
export function blockingTexts(
  features: Features,
  { keys, namedKeys = [] }: Pick<Model, 'keys' | 'namedKeys'> = { keys: [] },
): { stored: BlockingText[]; asked: BlockingText[] } {
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
    texts.add(`date|${date}|${placeText(features)}`)
    texts.add(`born|${date}|${name}`)
    if (village === undefined) texts.add(`name|${name}|${birth.year}`)
  }
  for (const key of keys) if (extras[key] !== undefined) texts.add(`extra|${key}|${extras[key]}`)
  for (const key of namedKeys) for (const text of namedTexts(features, key)) texts.add(`named|${key}|${text}`)
  for (const text of texts) stored.push(byName(text))
  const asked = [...stored]
  // Two whose NIK says their birth date are found by it or by the keys above; these are for those of whom one has no such NIK.
  // Who has one asks for who has none, and they ask for all: so neither is missed, whoever comes first, and few are compared
  // in vain.
  for (const { own, near } of nearTexts(features)) {
    stored.push(byName(own))
    // One guessed its year and one did not: he who did is found by theirs.
    asked.push(byName(`unnumbered|${own}`))
    if (isNumbered(features)) continue
    stored.push(...near.map((text) => byName(`unnumbered|${text}`)))
    asked.push(...near.map(byName))
  }
  const home = homeOf(features)
  if (home !== undefined) {
    // The family's members are found by the family.
    if (!isNumbered(features)) stored.push(home)
    asked.push(home)
  }
  return { stored, asked }
}

/** Whether one of two would be found by the other. */
export function meet(a: Features, b: Features, model: Pick<Model, 'keys' | 'namedKeys'>): boolean {
  const [one, other] = [blockingTexts(a, model), blockingTexts(b, model)]
  const stored = (texts: readonly BlockingText[]) => new Set(texts.map(({ text }) => text))
  const [here, there] = [stored(one.stored), stored(other.stored)]
  return one.asked.some(({ text }) => there.has(text)) || other.asked.some(({ text }) => here.has(text))
}

/** By what a family is known that this person belongs to: its card, else the household of the source. */
function homeOf({ kk, household }: Features): BlockingText | undefined {
  if (kk !== undefined) return { purpose: 'kk', text: kk }
  return household === undefined ? undefined : { purpose: 'household', text: household }
}

/** Of one date and sex a regency of two millions has thirty, a nation hundreds: a letter leaves a few, or the beginning of a word. */
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

/** What a text of the source and the beginning of a word of the name are together. */
export function namedTexts({ words, extras }: Features, key: string): string[] {
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
