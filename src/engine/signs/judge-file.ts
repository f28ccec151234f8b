import type { Platform } from '../../domain/platform.ts'
import type { StoredSigns } from './file-signs.ts'
import type { FileFindingCode } from './findings.ts'
import { hashOf, mostFrequent } from './frequent.ts'

/** A finding about a file as a whole: the fields it is of, how many values were looked at, and how many of them show it. */
export type FileFinding = { code: FileFindingCode; fields: string[]; of: number; having: number }

/** What a file is judged beside: whose it is, and how many records the batch before had, where that is known. */
export type FileAround = { platform: Pick<Platform, 'scope'>; before: number | undefined }

/** Below so many values a share says nothing. */
const FEWEST = 30
/** Serials begin at 0001, so that of real NIKs hardly one ends in 0, and of made-up ones a tenth. */
const MOST_ROUNDED = 0.5
const NEARLY_ALL = 0.9
/** Serials count from 0001 for each birth date and district: nearly all may have it. */
const FIRST_SERIAL = hashOf('0001')
const MOST_UNKNOWN = 0.8
const SHIFTED_COLUMNS = 2
const FEWER = 0.5
const VILLAGE_DIGITS = 10
const NIK = 'nomor_induk_kependudukan'
const BIRTH = 'tanggal_lahir'
const VILLAGE = 'kode_kelurahan_desa'

/** What is wrong with a file as a whole, by the signs of all its parts added up. */
export function judgeFile(signs: StoredSigns, { platform, before }: FileAround): FileFinding[] {
  const { entries, niks, roundedNiks, births, places } = signs
  const found: FileFinding[] = []
  const serial = mostFrequent(signs.serials)
  if (isShare(roundedNiks, niks, MOST_ROUNDED)) {
    found.push({ code: 'file-nik-rounded', fields: [NIK], of: niks, having: roundedNiks })
  } else if (serial.value !== FIRST_SERIAL && isShare(serial.count, niks, NEARLY_ALL)) {
    found.push({ code: 'file-nik-serial', fields: [NIK], of: niks, having: serial.count })
  }
  const birth = mostFrequent(signs.birthDates)
  if (isShare(birth.count, births, NEARLY_ALL)) {
    found.push({ code: 'file-one-birth-date', fields: [BIRTH], of: births, having: birth.count })
  }
  const village = mostFrequent(signs.villages)
  const isOfVillage = platform.scope.every((code) => code.length >= VILLAGE_DIGITS)
  if (isShare(village.count, places, 1) && !isOfVillage) {
    found.push({ code: 'file-one-village', fields: [VILLAGE], of: places, having: village.count })
  }
  const shifted = Object.entries(signs.unknown).filter(([, count]) => isShare(count, entries, MOST_UNKNOWN))
  if (shifted.length >= SHIFTED_COLUMNS) {
    const fields = shifted.map(([field]) => field).sort()
    const having = Math.min(...shifted.map(([, count]) => count))
    found.push({ code: 'file-columns-shifted', fields, of: entries, having })
  }
  if (before !== undefined && before >= FEWEST && entries < FEWER * before) {
    found.push({ code: 'file-fewer-records', fields: [], of: before, having: entries })
  }
  return found
}

function isShare(having: number, of: number, share: number): boolean {
  return of >= FEWEST && having >= share * of
}
