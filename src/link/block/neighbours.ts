import { soundOf } from '../compare/compare-names.ts'
import { type BirthDate, type Features, isDefaultDay } from '../compare/features.ts'
import { birthInNik, saysBirth } from '../compare/nik.ts'

// The year with one digit mistyped by one.
const YEARS_OFF = [-10, -1, 0, 1, 10]
// Where a default day stands for one that nobody knew, the year is a guess as well.
const YEARS_GUESSED = [-2, -1, 0, 1, 2]

/** Whether a record has a NIK that says its birth date (or no date that contradicts it): then it is found by the one or the other. */
export function isNumbered({ nik, birth }: Features): boolean {
  return nik !== undefined && (birth === undefined || saysBirth(nik, birth))
}

/** The birth date of a record: its own, else the one in its NIK. */
export function birthOf({ birth, nik }: Features): BirthDate | undefined {
  return birth ?? (nik === undefined ? undefined : birthInNik(nik))
}

/**
 * Texts that find a person of the same village and sex although a part was mistyped. The one holds the birth date, day and
 * month exchanged or not, under any name. The other holds the year of birth and the initials. Each gathers a few people in a
 * town of forty thousand. `near` are the texts that a record of the same person may have instead of `own`.
 */
export function nearTexts(features: Features): { own: string; near: string[] }[] {
  const { village, sex, words } = features
  const birth = birthOf(features)
  if (birth === undefined || village === undefined) return []
  const { year, month, day } = birth
  const place = `${village}|${sex ?? ''}`
  const [one, other] = [month, day].toSorted((a, b) => a - b)
  const textsOf = (textIn: (year: number) => string, years: readonly number[]) => ({
    own: textIn(year),
    near: years.map((off) => textIn(year + off)),
  })
  const texts = [textsOf((year) => `day|${place}|${one}-${other}|${year}`, YEARS_OFF)]
  const initials = words.slice(0, 2).map(initialOf).sort().join('')
  if (initials !== '')
    texts.push(textsOf((year) => `year|${place}|${year}|${initials}`, isDefaultDay(birth) ? YEARS_GUESSED : [0]))
  return texts
}

/** The first letter of a word, as it sounds; H, which has no sound of its own here, counts as well. */
export function initialOf(word: string): string {
  return word.startsWith('H') ? 'H' : soundOf(word).slice(0, 1)
}
