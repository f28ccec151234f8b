import type { Correction, Mending } from '../../domain/results/result.ts'
import { NO_WAY_BACK } from '../../domain/results/way-back.ts'
import { type CoveredFields, isCovered } from '../../trust/agreements/coverage.ts'
import type { ResultCatalogue } from '../catalogue.ts'
import type { StandingResult } from '../latest.db.ts'
import type { HeldRecord } from '../register.ts'
import type { DatasetBack } from './dataset-back.ts'
import type { ReturnedResult } from './returned-shape.ts'

export type Turning = {
  catalogue: ResultCatalogue
  layoutOf(dataset: string): DatasetBack | undefined
  language: 'id' | 'en'
}

/** With the fields that the platform's agreement covers; undefined where all are. */
type Covering = { covered: CoveredFields | undefined }

/** A result as the platform of a source record reads it: own key, own columns, own codes. `siblings` are its other records of the subject. */
export function turnResult(
  held: HeldRecord,
  result: StandingResult,
  siblings: readonly HeldRecord[],
  turning: Turning & Covering,
): ReturnedResult {
  const { dataset, record } = held
  const { catalogue, language } = turning
  const layout = turning.layoutOf(dataset)
  const { covered } = turning
  const may = (field: string | undefined) =>
    field === undefined || covered === undefined || isCovered(covered, record.level, field)
  return {
    dataset,
    key: record.key,
    level: record.level,
    subject: result.subject,
    version: result.version,
    as_of: result.asOf,
    returned_at: result.appliedAt.toISOString(),
    status: result.status,
    reason: result.reason,
    reason_text: result.reason === null ? null : textOf(catalogue, result.reason, language),
    dukcapil: result.dukcapil,
    deciles: [...result.deciles],
    memberships: [...result.memberships],
    corrections: result.corrections
      .filter((correction) => may(correction.field) && !saysAlready(record, correction))
      .map((correction) => turnCorrection(held, correction, layout, turning)),
    mend: result.mend.filter(({ field }) => may(field)).map((mending) => turnMending(held, mending, layout, turning)),
    same_as: siblings.map((other) => ({ dataset: other.dataset, key: other.record.key })),
  }
}

/** Whether a record says a value already: by its own code, or by one so coarse that the value is among those it may mean. */
function saysAlready({ fields, candidates }: HeldRecord['record'], { field, value }: Correction): boolean {
  return (
    fields[field] === value || (fields[field] === undefined && candidates?.[field]?.includes(String(value)) === true)
  )
}

function turnCorrection(
  { record }: HeldRecord,
  { field, value, reason }: Correction,
  layout: DatasetBack | undefined,
  { catalogue, language }: Turning,
): ReturnedResult['corrections'][number] {
  const said = { field, value, reason, reason_text: textOf(catalogue, reason, language) }
  const way = layout?.turnBack(record, field, value) ?? { is: 'none', reason: 'no-column' as const }
  if (way.is === 'way') {
    const { set, when, changes } = way
    return { ...said, own: set, ...(when && { when }), ...(changes && { changes }) }
  }
  const none = { no_way_back: way.reason, no_way_back_text: NO_WAY_BACK[way.reason][language] }
  return { ...said, own: null, ...none, ...(way.nearest && { nearest: way.nearest }) }
}

function turnMending(
  { record }: HeldRecord,
  { field, reason }: Mending,
  layout: DatasetBack | undefined,
  { catalogue, language }: Turning,
): ReturnedResult['mend'][number] {
  const columns = field === undefined ? [] : (layout?.columnsFor(`${record.level}.${field}`) ?? [])
  return { field: field ?? null, columns, reason, reason_text: textOf(catalogue, reason, language) }
}

function textOf({ reasons }: ResultCatalogue, code: string, language: 'id' | 'en'): string {
  return reasons.get(code)?.[language] ?? code
}
