import type { Language } from '../../../io/http/language.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { levelText } from './levels.ts'
import { fieldText } from './values.ts'

type Text = Record<Language, string>

const NAMES: Readonly<Record<string, Text>> = {
  name: { id: 'nama', en: 'name' },
  birth: { id: 'tanggal lahir', en: 'birth date' },
  sex: { id: 'jenis kelamin', en: 'sex' },
  nik: { id: 'NIK', en: 'NIK' },
  family: { id: 'keluarga', en: 'family' },
  place: { id: 'tempat tinggal', en: 'place' },
  relation: { id: 'hubungan keluarga', en: 'relation' },
  source: { id: 'sumber', en: 'source' },
  // An extension that the model compares; the national variables have no label for it.
  tempat_lahir: { id: 'tempat lahir', en: 'birthplace' },
}
const SAME: ReadonlySet<string> = new Set(['equal', 'equal-default', 'kk', 'village', 'hamlet', 'house'])
const APART: ReadonlySet<string> = new Set(['apart', 'other-kk', 'regency'])

/** How two records agree, in a sentence: what is the same, what nearly is, what differs. Nothing of their contents is in it. */
export function plainWords(
  fields: readonly { field: string; level: string }[],
  canonical: Canonical,
  language: Language,
): string {
  const judged = fields.filter(({ field }) => field !== 'source')
  const name = ({ field }: { field: string }) =>
    NAMES[field]?.[language] ?? fieldText(field, canonical, language).label.toLowerCase()
  const same = judged.filter(({ level }) => SAME.has(level)).map(name)
  const apart = judged.filter(({ level }) => APART.has(level)).map(name)
  const near = judged
    .filter(({ level }) => !SAME.has(level) && !APART.has(level))
    .map((one) => `${name(one)} (${levelText(language, one.field, one.level)})`)
  const isId = language === 'id'
  const parts = [
    same.length === 0 ? undefined : `${isId ? 'sama' : 'same'} ${listed(same, language)}`,
    near.length === 0 ? undefined : `${isId ? 'sebagian' : 'partly'} ${listed(near, language)}`,
    differing(apart, same.length > 0 && near.length === 0, language),
  ].filter((part) => part !== undefined)
  const text = parts.join(', ')
  if (text === '') return isId ? 'Tidak ada yang dapat dibandingkan' : 'Nothing can be compared'
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function differing(apart: readonly string[], isRest: boolean, language: Language): string | undefined {
  const isId = language === 'id'
  if (apart.length === 0) return isRest ? (isId ? 'tidak ada yang berbeda' : 'nothing differs') : undefined
  if (isRest && apart.length > 2) return isId ? 'selebihnya berbeda' : 'everything else differs'
  return `${isId ? 'berbeda' : 'different'} ${listed(apart, language)}`
}

function listed(names: readonly string[], language: Language): string {
  return new Intl.ListFormat(language === 'id' ? 'id-ID' : 'en-GB', { type: 'conjunction' }).format(names)
}

/** The name of a compared field, as sentences use it. */
export function comparedName(field: string, canonical: Canonical, language: Language): string {
  return NAMES[field]?.[language] ?? fieldText(field, canonical, language).label
}
