import { decidedBy, type Predicate } from './predicate.ts'

const ORDINARY = /^[A-Za-z '.,\-/()]*$/
const ALLOWED = /^[\p{L}\p{M} '’.,\-/()]*$/u
const TITLES = new Set(
  'H HJ HAJI KH R RR RADEN TN NY NN SDR DRS DRA DR IR PROF SE SH ST MM MH MSI MPD SPD SAG SKM ALM'.split(' '),
)

/** The plain letters first: that pattern is several times faster, and fits nearly every name. */
function nameChars(name?: string): boolean | undefined {
  return name === undefined ? undefined : ORDINARY.test(name) || ALLOWED.test(name)
}

/** One pattern for all words decides by the first letter; a list of beginnings would be gone through for every name. */
function placeholder(names: readonly string[], beginnings: readonly string[]) {
  const whole = names.map((name) => `${RegExp.escape(name)}$`)
  const ways = [...whole, ...beginnings.map(RegExp.escape)]
  const pattern = new RegExp(ways.length === 0 ? '(?!)' : `^(?:${ways.join('|')})`, 'i')
  const letters = [...names, ...beginnings].map((word) => word.charAt(0))
  const first = new Set(
    letters.flatMap((letter) => [letter, letter.toLowerCase()]).map((letter) => letter.charCodeAt(0)),
  )
  return (name?: string): boolean | undefined => {
    return name === undefined ? undefined : first.has(name.charCodeAt(0)) && pattern.test(name)
  }
}

function fold(name: string): string {
  const words = name
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll(/['’\p{M}]/gu, '')
    .split(/[^A-Z]+/)
  return words.filter((word) => !TITLES.has(word)).join('')
}

/** Generous, since it only warns: titles, signs and a part left out do not make another name. */
function namesAgree(one?: string, other?: string): boolean | undefined {
  if (one === undefined || other === undefined) return undefined
  if (one === other) return true
  const [a, b] = [fold(one), fold(other)]
  return a.startsWith(b) || b.startsWith(a)
}

/** Tests of names. */
export const NAME_PREDICATES = {
  name_chars: {
    summary: "holds letters, spaces and the signs ' . - , / ( ) only",
    roles: ['name'],
    settings: {},
    code: (emit) => decidedBy(emit, nameChars, [emit.value('name')]),
  },
  is_placeholder_name: {
    summary: 'is one of these words, or begins so: no name of a person',
    roles: ['name'],
    settings: { names: 'texts', beginnings: 'texts' },
    code: (emit) => {
      const [names, beginnings] = [emit.setting('names'), emit.setting('beginnings')] as (readonly string[])[]
      return decidedBy(emit, placeholder(names ?? [], beginnings ?? []), [emit.value('name')])
    },
  },
  names_agree: {
    summary: 'two names are the same without titles and signs, or one is the beginning of the other',
    roles: ['one', 'other'],
    settings: {},
    code: (emit) => decidedBy(emit, namesAgree, [emit.value('one'), emit.value('other')]),
  },
} as const satisfies Record<string, Predicate>
