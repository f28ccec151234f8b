import { wholeOf } from '../converters/spreadsheet.ts'
import { normalText } from './texts.ts'

/**
 * The keys under which a record may stand that a sender wrote so: as written first, then tidied as `clean` tidies it, and part by part
 * where it joins several columns.
 */
export function readingsOfKey(written: string): string[] {
  const whole = tidied(written)
  const parts = written.split('/').map(tidied).join('/')
  return [...new Set([written, whole, parts])].filter((key) => key !== '')
}

function tidied(text: string): string {
  const normal = normalText(text).trim()
  return wholeOf(normal) ?? normal
}
