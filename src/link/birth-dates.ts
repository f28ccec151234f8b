/** Whether two ISO birth dates may well be one: equal, day and month exchanged, or the year off by up to ten. */
export function areBirthDatesClose(a: string, b: string): boolean {
  if (a === b) return true
  const [yearA, monthA, dayA] = a.split('-')
  const [yearB, monthB, dayB] = b.split('-')
  if (yearA === yearB) return monthA === dayB && dayA === monthB
  return monthA === monthB && dayA === dayB && Math.abs(Number(yearA) - Number(yearB)) <= 10
}
