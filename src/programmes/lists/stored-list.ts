import type { ListId, SubjectId } from '../../domain/ids.ts'
import type { DecileUse } from './tally.ts'

/** Which lists follow each other: of one platform, programme and region (BPS code, '' for the whole scope). */
export type ListKey = { platform: string; programme: string; region: string }

/** A list as it is stored; counts of one that is being made are those so far. */
export type StoredList = ListKey & {
  id: ListId
  version: string
  /** Hexadecimal. */
  digest: string
  day: string
  state: 'making' | 'ready'
  after: string
  residents: number
  candidates: number
  undecided: number
  elsewhere: number
  added: number | null
  gone: number | null
  deciles: DecileUse[]
  previous: ListId | null
  readyAt: Date | null
}

/** What may be read of a list; `gone` are the candidates of the list before that are none on this one. */
export const LIST_PARTS = ['candidates', 'undecided', 'added', 'gone'] as const
export type ListPart = (typeof LIST_PARTS)[number]

type ListedVerdict = 'candidate' | 'undecided'
/** Somebody on a list, and what the list before said. */
export type Listed = { subject: SubjectId; verdict: ListedVerdict | null; before: ListedVerdict | null }
