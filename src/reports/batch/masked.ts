import type { Json } from '../../domain/entry.ts'

const LONGEST = 40

/**
 * The form of a value without what it says: a digit is `9`, a letter `a` or `A`, a sign stays. It shows that a NIK came as
 * `9,99999A+99` and not whose it is. Undefined where nothing stands that could be shown.
 */
export function masked(value: Json | undefined): string | undefined {
  if (value === undefined || (typeof value === 'object' && value !== null)) return undefined
  const text = value === null ? '' : String(value)
  const form = text
    .slice(0, LONGEST)
    .replace(/\p{Nd}/gu, '9')
    .replace(/\p{Lu}/gu, 'A')
    .replace(/(?!A)[\p{L}\p{M}]/gu, 'a')
  return text.length > LONGEST ? `${form}…` : form
}

/** What a JSON Pointer leads to in a value; undefined where it leads nowhere. */
export function valueAt(root: Json, pointer: string): Json | undefined {
  let value: Json | undefined = root
  for (const part of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Object.hasOwn(value, name) ? (value as Record<string, Json>)[name] : undefined
  }
  return value
}
