import { type Config, SECRET_SETTINGS, SETTINGS } from './config.ts'

const MASK = '••••'

/** A setting as a page may show it; its value is undefined where it is not set. */
export type ShownSetting = { name: string; value: string | undefined; isStandard: boolean; meaning: string }

/** All settings of this process, secrets masked. */
export function shownSettings(config: Config): ShownSetting[] {
  return Object.entries(SETTINGS).map(([name, schema]) => {
    const { description = '', default: standard } = schema as { description?: string; default?: unknown }
    const value = config[name as keyof Config]
    const isStandard = value !== undefined && value === standard
    return { name, value: maskedSetting(name, value), isStandard, meaning: description }
  })
}

/** A secret is masked whole, an address without its password; undefined when it is not set. */
export function maskedSetting(name: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (SECRET_SETTINGS.has(name)) return MASK
  // Also what is no address that can be read: a password may stand between `:` and `@` in it.
  return String(value)
    .replace(/(:\/\/[^:/?#@]*):[^/?#]*@/g, `$1:${MASK}@`)
    .replace(/([?&]password=)[^&#]*/gi, `$1${MASK}`)
}
