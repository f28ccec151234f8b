import type { Correction } from '../../domain/results/result.ts'

/** Names and numbers by which a subject is known are no corrections: BPS keeps them as regions sent them. */
const NO_CORRECTIONS = new Set(['nomor_induk_kependudukan', 'nomor_kartu_keluarga'])

/** The values of a DTSEN row that a record at hand states otherwise. */
export function correctionsOf(
  values: Readonly<Record<string, string | number>>,
  held: readonly Readonly<Record<string, string | number>>[],
): Correction[] {
  return Object.entries(values)
    .filter(([field]) => !NO_CORRECTIONS.has(field))
    .filter(([field, value]) => held.some((record) => record[field] !== undefined && record[field] !== value))
    .map(([field, value]) => ({ field, value, reason: 'dtsen-differs' }))
}
