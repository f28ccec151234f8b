import { readFileSync } from 'node:fs'
import type { Dice } from './dice.ts'
import type { Village } from './people.ts'

/** One of the four regions, its platform, and its share of the persons. */
export type Region = {
  code: string
  platform: string
  share: number
  province: string
  /** Stands as birth place of those who were born here. */
  birthPlace: string
  /** How many were registered in the province first, and of them in the district they live in. */
  locals: number
}

export const REGIONS: readonly Region[] = [
  { code: '31', platform: 'carik-jakarta', share: 0.4, province: 'DKI JAKARTA', birthPlace: 'JAKARTA', locals: 0.62 },
  {
    code: '3510',
    platform: 'smart-kampung-banyuwangi',
    share: 0.25,
    province: 'JAWA TIMUR',
    birthPlace: 'BANYUWANGI',
    locals: 0.92,
  },
  { code: '3211', platform: 'sumedang', share: 0.2, province: 'JAWA BARAT', birthPlace: 'SUMEDANG', locals: 0.93 },
  { code: '5101', platform: 'jembrana', share: 0.15, province: 'BALI', birthPlace: 'JEMBRANA', locals: 0.92 },
]

/** Regencies people come from: Kemendagri code and birth place. */
export const ELSEWHERE: readonly (readonly [code: string, birthPlace: string])[] = [
  ['3201', 'BOGOR'],
  ['3273', 'BANDUNG'],
  ['3329', 'BREBES'],
  ['3302', 'BANYUMAS'],
  ['3205', 'GARUT'],
  ['3578', 'SURABAYA'],
  ['3509', 'JEMBER'],
  ['3512', 'SITUBONDO'],
  ['3313', 'KARANGANYAR'],
  ['3304', 'BANJARNEGARA'],
  ['3208', 'KUNINGAN'],
  ['3212', 'INDRAMAYU'],
  ['5108', 'BULELENG'],
  ['5171', 'DENPASAR'],
  ['3374', 'SEMARANG'],
  ['1271', 'MEDAN'],
  ['1371', 'PADANG'],
  ['3602', 'LEBAK'],
]

const PERSONS_IN_A_VILLAGE = 480

function rows(file: string): string[][] {
  const text = readFileSync(new URL(`../../src/registry/regions/${file}`, import.meta.url), 'utf8')
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split(','))
}

/** The villages of a region, by district. */
function villagesOf(region: string): Map<string, Village[]> {
  const names = new Map(
    [...rows('districts.csv'), ...rows('regencies.csv')].map(([bps = '', , name = '']) => [bps, name]),
  )
  const districts = new Map<string, Village[]>()
  for (const [bps = '', kemendagri = '', name = ''] of rows('villages.csv')) {
    if (!bps.startsWith(region)) continue
    const regency = (names.get(bps.slice(0, 4)) ?? '').replace(/^(Kabupaten|Kota)( Administrasi)? /, '')
    const village = { bps, kemendagri, name, district: names.get(bps.slice(0, 7)) ?? '', regency }
    districts.set(bps.slice(0, 7), [...(districts.get(bps.slice(0, 7)) ?? []), village])
  }
  return districts
}

/** Where the people of a region live, a few hundred to a village, and villages beyond that they may have come from. */
export function placesOf(region: Region, persons: number, dice: Dice): { home: Village[]; beyond: Village[] } {
  const districts = [...villagesOf(region.code).values()]
  const wanted = Math.max(2, Math.ceil(persons / PERSONS_IN_A_VILLAGE))
  const home: Village[] = []
  const start = dice.below(districts.length)
  for (let at = 0; home.length < wanted && at < districts.length; at++) {
    home.push(...(districts[(start + at) % districts.length] ?? []).slice(0, Math.min(4, wanted - home.length)))
  }
  return { home, beyond: districts.flat() }
}
