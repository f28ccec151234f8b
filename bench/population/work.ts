import type { Dice } from './dice.ts'
import { ageOn, type Day } from './people.ts'

const WORKS = [
  'Petani/Pekebun',
  'Karyawan Swasta',
  'Pedagang',
  'Buruh Harian Lepas',
  'Wiraswasta',
  'Buruh Tani/Perkebunan',
  'Tukang Bangunan',
  'Sopir',
  'Guru',
  'Nelayan/Perikanan',
  'Peternak',
  'Tenaga Kesehatan',
]

/** Occupation (list J) of somebody, by age and marital status. */
export function workOf(birth: Day, female: boolean, marital: number, dice: Dice): string {
  const age = ageOn(birth)
  if (age < 6) return 'Belum/Tidak Bekerja'
  if (age < 19) return 'Pelajar/Mahasiswa'
  if (age > 68) return dice.happens(0.15) ? 'Pensiunan' : 'Belum/Tidak Bekerja'
  if (female && marital !== 1 && dice.happens(0.55)) return 'Mengurus Rumah Tangga'
  return dice.happens(0.08) ? 'Belum/Tidak Bekerja' : dice.common(WORKS, 0.6)
}

/** Whether somebody of this occupation works: all but the first four of list J. */
export function doesWork(work: string): boolean {
  return !['Belum/Tidak Bekerja', 'Pelajar/Mahasiswa', 'Mengurus Rumah Tangga', 'Pensiunan'].includes(work)
}

/** Education completed (list E, 1 to 10). */
export function schoolOf(birth: Day, dice: Dice): number {
  const age = ageOn(birth)
  if (age < 7) return 1
  if (age < 13) return 2
  if (age < 16) return 3
  if (age < 19) return 4
  return Number(dice.weighted({ 2: 0.08, 3: 0.28, 4: 0.2, 5: 0.32, 7: 0.03, 8: 0.08, 9: 0.01 }))
}
