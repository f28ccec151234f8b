import type { Draw } from '../../block/features-of-chunk.ts'
import { featuresOf, type KeptRecord } from '../../compare/features.ts'
import type { Model } from '../../score/model.ts'
import { isOtherFamily, isOtherPerson } from '../../score/same-key.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import type { Prepared } from '../../subjects/prepare.ts'
import type { Opener } from '../../subjects/source-record.ts'

/** What is stored under the key of a record that says something else, opened. */
export type StoredState = {
  record: KeptRecord
  /** It is of another person or family than the record that comes: the source has given the key away. */
  isOther: boolean
}

/** By the place of the record in the chunk. */
export type StoredStates = ReadonlyMap<number, StoredState>

type Source = { platform: string; dataset: string }
type Tools = { model: Model; draw: Draw; open: Opener }

/** Opens what is stored of each changed record of a chunk, and compares who it is of. */
export function storedStates(
  entries: readonly Prepared[],
  rows: readonly KeyRow[],
  { platform, dataset }: Source,
  { model, draw, open }: Tools,
): StoredStates {
  const rowAt = new Map(rows.map((row) => [row.at, row]))
  const states = new Map<number, StoredState>()
  let at = 0
  for (const { records } of entries) {
    const first = at
    at += records.length
    records.forEach((incoming, i) => {
      const sealed = rowAt.get(first + i)?.sealed
      if (!sealed) return
      const record = open(incoming.key, platform, sealed)
      const isOther =
        record.level === 'keluarga'
          ? isOtherFamily(record, incoming.record)
          : isOtherPerson(featuresOf(record, `${platform}|${dataset}`), draw(incoming).features, model)
      states.set(first + i, { record, isOther })
    })
    keepFamilyOfKnown(records, first, rowAt, states)
  }
  return states
}

/** A family one of whose known members is still the same person is the same family. */
function keepFamilyOfKnown(
  records: Prepared['records'],
  first: number,
  rowAt: ReadonlyMap<number, KeyRow>,
  states: Map<number, StoredState>,
): void {
  const isStayer = records.some(({ level }, i) => {
    return level === 'individu' && rowAt.has(first + i) && states.get(first + i)?.isOther !== true
  })
  if (!isStayer) return
  records.forEach(({ level }, i) => {
    const state = states.get(first + i)
    if (level === 'keluarga' && state?.isOther) states.set(first + i, { ...state, isOther: false })
  })
}
