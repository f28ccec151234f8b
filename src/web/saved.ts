import { type Html, html } from './html.ts'

/** What was saved is told once, by the word of the address; undefined where the address has none of these. */
export function saved<Name extends string>(
  words: Readonly<Record<string, Name>>,
  name: string | undefined,
  say: (word: Name) => string,
): Html | undefined {
  const word = name !== undefined && Object.hasOwn(words, name) ? words[name] : undefined
  return word === undefined ? undefined : html`<p class="note good" role="status">${say(word)}</p>`
}
