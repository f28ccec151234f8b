import type { Language } from '../io/http/language.ts'
import { WORDS, type Word } from './words.ts'

/** Texts in both languages, by name. */
export type Words = Readonly<Record<string, Readonly<Record<Language, string>>>>

/** Speaks the words of one page, and those that all pages share, in the language of a view. */
export function speaking<Own extends Words>(
  words: Own,
): (view: { language: Language }, word: (keyof Own & string) | Word) => string {
  const all: Words = { ...WORDS, ...words }
  return ({ language }, word) => all[word]?.[language] ?? word
}
