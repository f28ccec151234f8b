import { SECRET_SETTINGS } from '../../../config.ts'

const MASK = '••••'

/** A setting as a page may show it: a secret is masked whole, an address without its password; undefined when it is not set. */
export function maskedSetting(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (SECRET_SETTINGS.has(name)) return MASK
  const text = String(value)
  // Also what is no address that can be read: a password may stand between `:` and `@` in it.
  return text.replace(/(:\/\/[^:/?#@]*):[^/?#]*@/g, `$1:${MASK}@`).replace(/([?&]password=)[^&#]*/gi, `$1${MASK}`)
}
