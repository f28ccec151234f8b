import { csvCell } from '../../../domain/text/csv.ts'
import { DIMENSIONS } from '../../../reports/quality/dimension.ts'
import type { JudgedDistrict } from '../../../reports/quality/districts.ts'
import type { DatasetQuality } from '../../../reports/quality/quality.ts'

/** The districts of a platform, a row each. */
export function districtsCsv(platform: string, districts: readonly JudgedDistrict[]): string {
  const rows = districts.map(({ bps, name, regency, entries, found }) => [platform, bps, name, regency, entries, found])
  return csvOf([['platform', 'district', 'name', 'regency', 'records', 'records_with_findings'], ...rows])
}

/** The table of the page, a row for each push, numbers as machines read them. */
export function qualityCsv(platform: string, datasets: readonly DatasetQuality[]): string {
  const head = ['platform', 'dataset', 'batch', 'received_at', 'records', 'accepted', 'held', 'rejected']
  const rates = DIMENSIONS.map((name) => `${name}_findings_per_100`)
  const rows = datasets.flatMap(({ dataset, pushes }) =>
    pushes.map(({ batch, receivedAt, received, accepted, held, rejected, per100, daysSince }) => [
      ...[platform, dataset, batch, receivedAt.toISOString(), received, accepted, held, rejected],
      ...DIMENSIONS.map((name) => Number(per100[name].toFixed(3))),
      daysSince,
    ]),
  )
  return csvOf([[...head, ...rates, 'days_since_the_push_before'], ...rows])
}

function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((cells) => `${cells.map((cell) => csvCell(String(cell ?? ''))).join(',')}\r\n`).join('')
}
