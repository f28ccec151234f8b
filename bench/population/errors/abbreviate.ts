import type { Dice } from '../dice.ts'

const SHORT: Record<string, string[]> = {
  MUHAMMAD: ['M.', 'MUH.', 'MOH.', 'MUH', 'MOCH.', 'MHD'],
  MOHAMMAD: ['M.', 'MOH.', 'MOH'],
  MUHAMAD: ['M.', 'MUH.', 'MUH'],
  MOCHAMAD: ['MOCH.', 'M.', 'MOCH'],
  AHMAD: ['ACH.', 'AHM.', 'A.'],
  ACHMAD: ['ACH.', 'AHM.'],
  ABDUL: ['ABD.', 'ABD', 'A.'],
  SITI: ['ST.', 'ST', 'S.'],
  NUR: ['N.', 'NR.'],
  DEWI: ['DW.', 'D.'],
  WAYAN: ['WYN.', 'WYN'],
  MADE: ['MD.', 'MD'],
  NYOMAN: ['NYM.', 'NYM', 'NYN'],
  KETUT: ['KT.', 'KTT', 'KT'],
  PUTU: ['PT.', 'PT'],
  KADEK: ['KD.', 'KDK', 'KD'],
  KOMANG: ['KM.', 'KM'],
  NENGAH: ['NGH', 'NGH.'],
  GEDE: ['GD', 'GD.'],
  GUSTI: ['GST', 'GST.'],
}
const WHOLES: readonly (readonly [RegExp, string[]])[] = [
  [/^NI LUH /, ['N.L. ', 'NI LH. ']],
  [/^I GUSTI /, ['I GST. ', 'IGST. ']],
  [/^IDA BAGUS /, ['IB. ', 'I.B. ']],
  [/^IDA AYU /, ['I.A. ', 'IA. ', 'DAYU ']],
  [/^ANAK AGUNG /, ['A.A. ', 'AA. ']],
]

/** The name with a word shortened: those that everybody shortens, or the last, the first or a middle word to its initial. */
export function abbreviated(name: string, dice: Dice): string {
  for (const [whole, shorts] of WHOLES)
    if (whole.test(name) && dice.happens(0.4)) return name.replace(whole, dice.pick(shorts))
  const words = name.split(' ')
  if (words.length < 2) return name
  const known = words.findIndex((word) => word in SHORT)
  if (known >= 0 && dice.happens(0.6)) return withWord(words, known, dice.pick(SHORT[words[known] ?? ''] ?? []))
  const own = words.flatMap((word, at) => (word.length > 2 && !word.endsWith('.') ? [at] : []))
  const at = dice.happens(0.65) ? own.at(-1) : dice.pick(own)
  return at === undefined ? name : withWord(words, at, `${words[at]?.[0]}.`)
}

function withWord(words: readonly string[], at: number, word: string): string {
  return words.with(at, word).join(' ')
}
