import type { Dice } from '../dice.ts'
import { words } from './table.ts'

const MEN =
  words(`HOTMAN POLTAK JONNY PARLIN SAHAT MANGASI TIGOR RAMSES MARULI BINTANG RONALD ANDREAS DANIEL SAMUEL JHON
  PARDAMEAN HASIHOLAN TOGAR EDUARD FERNANDO GABRIEL LAMHOT`)
const WOMEN = words(`ROTUA HOTMA TIUR LAMRIA DUMA MELVA RISMA ROSDIANA LASTRI YOHANA DEBORA TIOMAN NURSAHALA HERLINA
  JULIANA PRISKA ESTER KRISTINA MARTHA SONDANG`)
const CLANS =
  words(`SIMANJUNTAK SITORUS HUTAPEA SINAGA MANURUNG SIREGAR PURBA NAPITUPULU PASARIBU SIAHAAN LUBIS SIHOMBING
  TAMPUBOLON HARAHAP NAINGGOLAN GULTOM MARPAUNG SIBARANI`)

/** A Batak name; the clan is the father's. */
export function batakName(female: boolean, clan: string, dice: Dice): string {
  const own = [dice.common(female ? WOMEN : MEN)]
  if (dice.happens(0.2)) own.push(dice.common(female ? WOMEN : MEN))
  return [...new Set(own), clan].join(' ')
}

export function batakClan(dice: Dice): string {
  return dice.common(CLANS)
}
