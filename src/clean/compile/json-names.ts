const BACKSLASH = 92
const COLON = 58
const SPACE = 32
// What cannot stand in a JSON text but escaped (RFC 8259, section 7).
const MUST_ESCAPE = /["\\]|\p{Cc}/u

/**
 * Unescapes the names in a valid JSON text. Undefined where a name holds a quote, a backslash or a control character, which no
 * column does.
 *
 * V8 may give an escaped name the name of another object, and so loses or misplaces a value. Node 26.10 reads `{"\"":1}` as
 * `{"\\":1}` after it has met a certain other name (nodejs/node#63785).
 * This function can go when tests/regressions/json-parse-escaped-names.test.ts says that V8 is mended.
 */
export function withPlainNames(text: string): string | undefined {
  if (!text.includes('\\')) return text
  let plain = ''
  let copied = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    const start = at
    at = endOfString(text, start)
    const raw = text.slice(start, at + 1)
    if (!raw.includes('\\') || !isName(text, at + 1)) continue
    const name = JSON.parse(raw) as string
    if (MUST_ESCAPE.test(name)) return undefined
    plain += `${text.slice(copied, start)}"${name}"`
    copied = at + 1
  }
  return plain + text.slice(copied)
}

/** Where a string of a valid JSON text ends that begins at a place. */
export function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, place: number): boolean {
  let slashes = 0
  while (text.charCodeAt(place - 1 - slashes) === BACKSLASH) slashes++
  return slashes % 2 === 1
}

/** Whether what ended before a place is a name: a colon follows, perhaps after blanks. */
function isName(text: string, after: number): boolean {
  let at = after
  while (text.charCodeAt(at) <= SPACE) at++
  return text.charCodeAt(at) === COLON
}
