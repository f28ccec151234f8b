import type { Json } from '../../domain/entry.ts'
import { appendFinding, type Finding } from '../../domain/finding.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'

/** Control, zero-width, direction-changing and byte-order characters: never meant, often hidden in pasted text. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is its purpose
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

const EQUALS = 61
const HASH = 35

/** The mark that replaces a number that is too long for a double. */
export const LOST = '\u0000lost\u0000'

/** Whether no text inside can need cleaning: plain ASCII without `\u` escapes. Both tests are native: 0.2 µs for 1,500 bytes. */
export function isPlain(text: string): boolean {
  return Buffer.byteLength(text) === text.length && !text.includes('\\u')
}

/**
 * Texts whose letters were broken by reading one encoding as another: UTF-8 read as Windows-1252 or Latin-1, a DOS code page, or the sign for a
 * letter that could not be read.
 */
const DAMAGED =
  /\ufffd|[\u2500-\u259f]|[ÂÃÄÅÐÑØÙâãäåðñøù][\u0080-\u00a0¡-¿€‚ƒ„…†‡ˆ‰‹•˜™›]|[ÃÂãâ][ŠŒŽšœžŸ‘’“”–—]|\p{L}[\u0080-\u009f‚ƒ„†‡ˆ‰‹›•˜]\p{L}/u

/** Whether letters of a text were broken by a wrong encoding. */
export function hasBrokenLetters(text: string): boolean {
  return DAMAGED.test(text)
}

/**
 * Whether a JSON text may hold what a spreadsheet leaves: a value in a formula that keeps its digits (`="0123"`), or an error. The quote before it is
 * not asked for: a search that stops at every quote takes as long as parsing.
 */
export function mayHoldFormula(text: string): boolean {
  return text.includes('=\\"') || (text.includes('#') && CELL_ERROR.test(text))
}

const FORMULA = /^="(.*)"$/s
const CELL_ERRORS =
  'NULL!|DIV/0!|VALUE!|REF!|NAME\\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!'
/** What spreadsheets show in place of a result that cannot be told (ECMA-376, 18.17.3, and later errors of Excel), inside of a JSON text. */
const CELL_ERROR = new RegExp(`"#(?:${CELL_ERRORS})"`)
const IS_CELL_ERROR = new RegExp(`^#(?:${CELL_ERRORS})$`)

/** The value with every text freed of invisible characters and in NFC; findings say where. A lone surrogate is an error. */
export function cleanTexts(value: Json, findings: Finding[]): Json {
  const say = (code: FindingCode, path: string) => appendFinding(findings, code, FINDINGS[code].severity, path)
  const visit = (part: Json, path: string): Json | undefined => {
    if (typeof part === 'string') return clean(part, path)
    if (typeof part !== 'object' || part === null) return part
    for (const [key, inner] of Object.entries(part)) {
      if (typeof inner === 'number' || typeof inner === 'boolean') continue
      const cleaned = visit(inner, `${path}/${pointerPart(key)}`)
      if (cleaned !== inner)
        Object.defineProperty(part, key, { value: cleaned, writable: true, enumerable: true, configurable: true })
    }
    return part
  }
  const clean = (text: string, path: string): string | undefined => {
    const formula = text.charCodeAt(0) === EQUALS ? FORMULA.exec(text)?.[1] : undefined
    if (formula !== undefined) {
      say('text-formula', path)
      return clean(formula.replaceAll('""', '"'), path)
    }
    if (text.charCodeAt(0) === HASH && IS_CELL_ERROR.test(text)) {
      say('text-cell-error', path)
      return ''
    }
    // Most texts of an odd record are plain.
    if (/^[\x20-\x7e]*$/.test(text)) return text
    if (text === LOST) {
      say('number-imprecise', path)
      return undefined
    }
    if (!text.isWellFormed()) {
      say('json-surrogate', path)
      return text
    }
    if (hasBrokenLetters(text)) {
      say('text-damaged', path)
      return text
    }
    const visible = withoutInvisible(text)
    if (visible !== text) say('text-invisible-characters', path)
    const normal = visible.normalize('NFC')
    if (normal !== visible) say('text-not-normal', path)
    return normal
  }
  return visit(value, '') ?? null
}

function withoutInvisible(text: string): string {
  return text.replace(INVISIBLE, '')
}

/** A text as `cleanTexts` leaves it: without formula and invisible characters, in NFC. */
export function normalText(text: string): string {
  const inner = FORMULA.exec(text)?.[1]?.replaceAll('""', '"') ?? text
  return withoutInvisible(inner).normalize('NFC')
}

/** One step of a JSON Pointer. */
export function pointerPart(key: string): string {
  return key.includes('~') || key.includes('/') ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key
}
