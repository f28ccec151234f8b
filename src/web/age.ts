import type { View } from './page.ts'

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const

/** A span of seconds by its greatest unit, rounded down: `3 hours`, `3 jam`. */
export function age({ language }: Pick<View, 'language'>, seconds: number): string {
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? UNITS[3]
  const format = { style: 'unit', unit, unitDisplay: 'long' } as const
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(Math.floor(seconds / length))
}
