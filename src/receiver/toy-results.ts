import { hash } from 'node:crypto'

// A day that is past whenever this runs, and the same in every run, so that a second run says nothing new.
const VERSION = '2025-Q4'
const AS_OF = '2025-12-31'

export type HeldSubject = { id: string; level: 'keluarga' | 'individu' }

/**
 * What the stand-in says of a subject. IT IS A TOY: every value is a digit of the hash of the random id and says nothing of anybody.
 * It only has all parts that a result of BPS may have, and is the same whenever it is asked.
 */
export function toyResult({ id, level }: HeldSubject): object {
  const digits = hash('sha256', `toy ${id}`, 'buffer')
  const digit = (at: number, of: number) => (digits[at] ?? 0) % of
  const isDead = level === 'individu' && digit(0, 50) === 0
  const isMoved = !isDead && digit(1, 60) === 0
  const decile = digit(2, 10) + 1
  const said = {
    subject: id,
    version: VERSION,
    as_of: AS_OF,
    status: isDead ? 'dead' : isMoved ? 'moved' : 'active',
    ...(isDead && { reason: 'death-registered' }),
    ...(isMoved && { reason: 'moved-within-country' }),
  }
  if (level === 'keluarga') {
    return {
      ...said,
      deciles: [
        { level: 'national', value: decile, version: VERSION, period: VERSION },
        { level: 'province', value: digit(3, 10) + 1, version: VERSION, period: VERSION },
        { level: 'regency', value: digit(4, 10) + 1, version: VERSION, period: VERSION },
      ],
      memberships: decile <= 4 ? [{ programme: 'sembako', from: '2025-01-01', to: null }] : [],
      corrections: digit(5, 20) === 0 ? [{ field: 'jenis_lantai_terluas', value: '1', reason: 'field-check' }] : [],
      mend: digit(6, 25) === 0 ? [{ field: 'daya_terpasang', reason: 'value-missing' }] : [],
    }
  }
  const isMatched = digit(5, 12) !== 0
  return {
    ...said,
    dukcapil: isMatched ? 'match' : 'mismatch',
    memberships: digit(2, 5) === 0 ? [{ programme: 'pbi-jk', from: '2025-01-01', to: null }] : [],
    corrections:
      digit(7, 15) === 0 ? [{ field: 'status_kawin', value: String(digit(8, 4) + 1), reason: 'civil-registry' }] : [],
    mend: isMatched ? [] : [{ field: 'nomor_induk_kependudukan', reason: 'nik-not-matching' }],
  }
}
