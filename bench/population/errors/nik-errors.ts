import type { Dice } from '../dice.ts'
import type { Family, Person } from '../people.ts'
import { digits } from '../people.ts'
import type { ErrorKind, Strike } from './rates.ts'

export type NikState = 'ok' | 'none' | 'malformed' | 'lossy' | 'temporary' | 'wrong'
export type SeenNik = { nik: string; state: NikState; errors: string[] }

type Damage = (nik: string, family: Family, dice: Dice) => string

const KINDS: readonly (readonly [ErrorKind, NikState, Damage])[] = [
  ['nik_missing', 'none', (_, __, dice) => dice.pick(['', '', '', '0', 'NULL', 'TIDAK ADA', '-'])],
  ['nik_excel_sci', 'lossy', (nik, _, dice) => scientific(nik, dice.happens(0.3) ? ',' : '.')],
  ['nik_excel_zeroed', 'lossy', (nik) => `${nik.slice(0, 15)}0`],
  ['nik_15_digits', 'malformed', (nik, _, dice) => without(nik, dice.below(16))],
  ['nik_17_digits', 'malformed', (nik, _, dice) => doubled(nik, dice.below(16))],
  ['nik_letters', 'malformed', lettered],
  ['nik_transposed', 'wrong', transposed],
  ['nik_of_member', 'wrong', (nik, { members }, dice) => dice.pick(others(members, nik))?.nik ?? nik],
  ['nik_temporary', 'temporary', (_, { village }, dice) => temporary(village.kemendagri, dice)],
  ['nik_dot_zero', 'ok', (nik) => `${nik}.0`],
  ['nik_apostrophe', 'ok', (nik) => `'${nik}`],
]

/** The NIK as a source has it; at most one thing is wrong with it. */
export function seenNik({ nik }: Person, family: Family, strike: Strike, dice: Dice): SeenNik {
  for (const [kind, state, damage] of KINDS) {
    if (!strike(kind)) continue
    const damaged = damage(nik, family, dice)
    if (damaged !== nik) return { nik: damaged, state, errors: [kind] }
  }
  return { nik, state: 'ok', errors: [] }
}

function scientific(nik: string, comma: string): string {
  return Number(nik).toExponential(5).replace('e', 'E').replace('.', comma)
}

function without(nik: string, at: number): string {
  return nik.slice(0, at) + nik.slice(at + 1)
}

function doubled(nik: string, at: number): string {
  return nik.slice(0, at) + nik[at] + nik.slice(at)
}

function lettered(nik: string, _: Family, dice: Dice): string {
  const at = dice.pick([...nik].flatMap((digit, place) => (digit === '0' || digit === '1' ? [place] : [])))
  return nik.slice(0, at) + (nik[at] === '0' ? 'O' : dice.pick(['I', 'l'])) + nik.slice(at + 1)
}

/** Two neighbours exchanged that differ. */
function transposed(nik: string, _: Family, dice: Dice): string {
  const places = [...nik].flatMap((digit, at) => (at > 0 && digit !== nik[at - 1] ? [at] : []))
  const at = dice.pick(places)
  return nik.slice(0, at - 1) + nik[at] + nik[at - 1] + nik.slice(at + 1)
}

function others(members: readonly Person[], nik: string): Person[] {
  return members.filter((member) => member.nik !== nik)
}

function temporary(kemendagri: string, dice: Dice): string {
  return `0${kemendagri.replaceAll('.', '').slice(0, 6)}${digits(dice.below(1_000_000_000), 9)}`
}
