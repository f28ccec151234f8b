/** A quarter of a year, with its first and last day (ISO). */
export type Quarter = { name: string; from: string; to: string }

const NAME = /^([0-9]{4})-Q([1-4])$/
const LAST_DAYS = ['03-31', '06-30', '09-30', '12-31'] as const

/** The pattern of the name of a quarter. */
export const QUARTER_PATTERN = '^[0-9]{4}-Q[1-4]$'

/** The quarter of a name such as `2026-Q3`; undefined where it is none. */
export function parseQuarter(name: string): Quarter | undefined {
  const [, year, number] = NAME.exec(name) ?? []
  if (year === undefined || number === undefined) return undefined
  const at = Number(number) - 1
  return { name, from: `${year}-${String(at * 3 + 1).padStart(2, '0')}-01`, to: `${year}-${LAST_DAYS[at]}` }
}

/** The quarter that an ISO date lies in. */
export function quarterOf(date: string): string {
  return `${date.slice(0, 4)}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`
}
