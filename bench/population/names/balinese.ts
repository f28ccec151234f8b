import type { Dice } from '../dice.ts'
import { words } from './table.ts'

const ORDERS = {
  male: [words('WAYAN PUTU GEDE'), words('MADE KADEK NENGAH'), words('NYOMAN KOMANG'), words('KETUT')],
  female: [words('WAYAN PUTU LUH'), words('MADE KADEK NENGAH'), words('NYOMAN KOMANG'), words('KETUT')],
}
const OWN = {
  male: words(`SUDIARTA SUARDANA ARTAWAN SUKERTA WIDIANA SUPARTA DARMAWAN SUTAMA ARIMBAWA WINATA MERTA SUWITRA PARWATA
    SUDANA ARIANTA SUKADANA WIRAWAN BUDIASA GUNAYASA MUDIANA NURJAYA SUBRATA ADNYANA SEDANA MAHARDIKA YASA RENTEN WIGUNA
    SUMERTA KARIASA JAYA SUGIARTA PUTRAWAN DANA`),
  female: words(`SUKERTI ARIANI SUARTINI WIDIASIH PARWATI SULASIH ASTITI SUKARNI ADNYANI SUDIARI MURTINI ARTINI RATNADI
    SUWENI WATI MEGAWATI SARIASIH YULIANI LESTARI ARYANTI PUSPAYANI DARMIATI SUMERTI KARMINI CAHYANI WINDARI SUCIANI
    RASMINI MARIANI SEKARINI DEWI JUNIARI`),
}
const MODERN = {
  male: words('AGUS BAGUS ADI DWI EKA ARYA INDRA SATRIA YOGA KRISNA BAYU DIKA ANDIKA RAMA WISNU ARI'),
  female: words('AYU DIAH INDAH INTAN PUTRI SRI MIRAH LAKSMI CANDRA TRISNA RATIH SINTA MELATI'),
}
const CASTES = {
  male: ['IDA BAGUS', 'I GUSTI', 'I GUSTI NGURAH', 'ANAK AGUNG', 'I DEWA', 'COKORDA'],
  female: ['IDA AYU', 'NI GUSTI AYU', 'I GUSTI AYU', 'ANAK AGUNG', 'DESAK', 'DEWA AYU'],
}

/** A Balinese name: marker or caste, birth order (from 0, the cycle starts again after four), own name. */
export function balineseName(female: boolean, isOld: boolean, order: number, isHighborn: boolean, dice: Dice): string {
  const sex = female ? 'female' : 'male'
  const name: string[] = []
  if (isHighborn) name.push(dice.common(CASTES[sex]))
  else if (dice.happens(isOld ? 0.92 : 0.72)) name.push(female ? 'NI' : 'I')
  if (!isHighborn || dice.happens(0.4)) name.push(dice.common(ORDERS[sex][order % 4] ?? ['WAYAN'], 0.5))
  if (!isOld && dice.happens(0.45)) name.push(dice.common(MODERN[sex]))
  name.push(dice.common(OWN[sex], 0.6))
  return name.join(' ')
}
