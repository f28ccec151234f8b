import { soundOf } from './compare-names.ts'
import type { Portrait } from './portrait.ts'

/**
 * Texts that two records of one person are likely to share: who shares none is never compared. Each leaves out what the others
 * rest on, so that one error does not hide a person; `keys` are extensions of the source that name one person.
 */
export function blockingTexts(
  { words, birth, sex, kk, village, extras }: Portrait,
  keys: readonly string[] = [],
): string[] {
  const sounds = words.map(soundOf).filter((sound) => sound !== '')
  const name = sounds.toSorted().join(' ')
  const texts: string[] = []
  if (birth !== undefined) {
    const date = `${birth.year}-${birth.month}-${birth.day}`
    for (const sound of sounds) texts.push(`date|${date}|${sex ?? ''}|${sound.slice(0, 3)}`)
    if (name !== '') texts.push(`name|${name}|${birth.year}`)
    const dayAndMonth = [birth.month, birth.day].sort((a, b) => a - b).join()
    if (village !== undefined) texts.push(`village|${village}|${dayAndMonth}|${sex ?? ''}`)
  }
  if (kk !== undefined) for (const sound of sounds) texts.push(`kk|${kk}|${sound.slice(0, 3)}`)
  if (village !== undefined && name !== '') texts.push(`local|${village}|${name}`)
  for (const key of keys) if (extras[key] !== undefined) texts.push(`extra|${key}|${extras[key]}`)
  return [...new Set(texts)]
}
