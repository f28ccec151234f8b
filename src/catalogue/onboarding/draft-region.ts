import type { Seen } from './assign.ts'
import { type Draft, flow } from './draft.ts'
import { wordsOf } from './similar.ts'

type Region = Extract<Seen['kind'], { is: 'region' }>

const LEVELS = {
  kelurahan_desa: ['desa', 'kelurahan'],
  kecamatan: ['kecamatan'],
  kabupaten_kota: ['kabupaten', 'kota'],
  provinsi: ['provinsi'],
} as const

/**
 * Drafts the region block as a comment. Whoever owns the data declares the scheme of its codes. It is never guessed: only how many
 * codes each scheme knows is stated.
 */
export function draftRegion(columns: readonly Seen[]): Draft['region'] {
  const names = namesAmong(columns)
  const code = columns.find(({ kind }) => kind.is === 'region')
  if (code === undefined) return splitRegion(columns, names)
  const { dots, bps, kemendagri, distinct } = code.kind as Region
  const guess = dots || kemendagri > bps ? 'kemendagri' : 'bps'
  const known = `of ${distinct} different codes ${kemendagri} are known in the Kemendagri scheme and ${bps} in the BPS scheme`
  const unknown = Math.max(bps, kemendagri) < distinct ? '; unknown ones may need "titian regions import"' : ''
  const ask = `in which scheme is ${code.name}? In the sample ${known}${dots ? ', and dots are how Kemendagri writes them' : ''}${unknown}. Ask whoever owns the data; then take the signs in front of "region" away in mapping.yaml`
  return { ask, names, lines: regionLines(flow(code.name), guess, names) }
}

/** Codes in several columns are told by their names only. */
function splitRegion(columns: readonly Seen[], names: Record<string, string>): Draft['region'] {
  const coded = Object.values(LEVELS)
    .reverse()
    .flatMap((words) => columns.find(({ name, kind }) => kind.is === 'number' && isCodeOf(name, words))?.name ?? [])
  if (coded.length < 3) return undefined
  const ask = `are ${coded.join(', ')} the parts of a region code, in which scheme, and with which widths (BPS: 2, 2, 3, 3)?`
  return {
    ask,
    names,
    lines: [
      ...regionLines(flow(coded), 'bps', names),
      `#   widths: [${[2, 2, 3, 3].slice(0, coded.length).join(', ')}]`,
    ],
  }
}

function regionLines(code: string, scheme: string, names: Record<string, string>): string[] {
  return [
    '# region:',
    `#   code: ${code}`,
    `#   scheme: ${scheme}`,
    ...(Object.keys(names).length > 0 ? [`#   names: ${flow(names)}`] : []),
  ]
}

function namesAmong(columns: readonly Seen[]): Record<string, string> {
  const names: Record<string, string> = {}
  for (const [level, words] of Object.entries(LEVELS)) {
    const found = columns.find(
      ({ name, kind }) => (kind.is === 'text' || kind.is === 'labels') && isNameOf(name, words),
    )
    if (found !== undefined) names[level] = found.name
  }
  return names
}

function isNameOf(name: string, level: readonly string[]): boolean {
  const words = wordsOf(name)
  const isLevel = words.some((word) => level.includes(word))
  return isLevel && words.every((word) => level.includes(word) || word === 'nama')
}

function isCodeOf(name: string, level: readonly string[]): boolean {
  const words = wordsOf(name)
  return words.includes('kode') && words.some((word) => level.includes(word))
}
