/** Months as registers write them: in full, short, by old and regional spellings, in English, and as Roman numerals. */
const NAMES = [
  'januari jan january januwari djanuari i',
  'februari pebruari peb pebr feb febr february febuari pebuari ii',
  'maret mar mrt march iii',
  'april apr aprl avril iv',
  'mei may v',
  'juni jun june djuni vi',
  'juli jul july djuli vii',
  'agustus agu ags agt agst agust agus agts aug august viii',
  'september sep sept septembar ix',
  'oktober okt oct october x',
  'november nopember nov nop nopem xi',
  'desember des dec december dese xii',
]

const MONTHS = new Map(NAMES.flatMap((names, index) => names.split(' ').map((name) => [name, index + 1] as const)))

/** The number of a month by its name; undefined for any other word. */
export function monthOf(name: string | undefined): number | undefined {
  return name === undefined ? undefined : MONTHS.get(name.toLowerCase())
}
