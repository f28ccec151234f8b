import type { EntryFinding } from '../../../domain/report.ts'
import { LINK_FINDINGS } from '../../findings.ts'
import type { IncomingRecord } from '../../subjects/prepare.ts'
import type { Index } from '../../subjects/subject.ts'
import type { RecordChange } from '../entries/decide.ts'
import type { LinkedSubject } from '../linked-subject.ts'

/**
 * One finding at each record of the chunk that brought a person of whom nobody says where they live, unless cleaning has found what is
 * wrong with the place: one reason is enough.
 */
export function unplacedFindings(
  unplaced: readonly LinkedSubject[],
  changes: ReadonlyMap<Index, RecordChange>,
): EntryFinding[] {
  const code = 'person-unplaced'
  const { severity } = LINK_FINDINGS[code]
  return unplaced.flatMap(({ sources }) =>
    sources.flatMap(({ key }) => {
      const incoming = changes.get(key)?.incoming
      return incoming === undefined || isPlaceFound(incoming)
        ? []
        : [{ line: incoming.line, code, severity, path: incoming.path }]
    }),
  )
}

/** Whether something was found in the place that the record, or the family's record in the same entry, states. */
function isPlaceFound({ record, family }: IncomingRecord): boolean {
  return record.findings?.region !== undefined || family?.findings?.kode_kelurahan_desa !== undefined
}
