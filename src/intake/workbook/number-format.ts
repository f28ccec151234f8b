/** What a number format makes of a number, as far as reading minds: a date, or digits with zeros before them. */
export type NumberFormat = { is: 'date' } | { is: 'digits'; width: number } | undefined

/** Formats 14 to 22 and 45 to 47 are dates and times everywhere, the others in East Asian installations (ECMA-376, 18.8.30). */
const BUILT_IN_DATES: readonly [from: number, to: number][] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** The meaning of a format by its number, and its code where the workbook brings one. */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
  if (code !== undefined) return ofCode(code)
  return BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to) ? { is: 'date' } : undefined
}

function ofCode(code: string): NumberFormat {
  if (/^0{2,32}$/.test(code)) return { is: 'digits', width: code.length }
  // Texts in quotes, escaped signs, and colours, conditions and languages in brackets say nothing of dates.
  const bare = code.replaceAll(/"[^"]*"|\\.|_.|\*./g, '')
  if (/\[(h+|m+|s+)\]/i.test(bare)) return undefined
  const [first = ''] = bare.replaceAll(/\[[^\]]*\]/g, '').split(';')
  return /[ymdhs]/i.test(first) && !/^general$/i.test(first) ? { is: 'date' } : undefined
}
