import type { BatchId, ErasureId, FamilyId, SubjectId } from '../domain/ids.ts'

/** `asked` by one steward, then confirmed by another: records are taken away, what holds the person is destroyed, done. */
export const ERASURE_STATES = ['asked', 'taking', 'destroying', 'done', 'declined'] as const
export type ErasureState = (typeof ERASURE_STATES)[number]

/** What was destroyed: source records, entries in chunks, bytes of deliveries, and results. */
export type Destroyed = { records: number; entries: number; deliveries: number; results: number }

/** The erasure of a person, as it is stored, without what is looked for. */
export type Erasure = Destroyed & {
  id: ErasureId
  subject: SubjectId
  state: ErasureState
  /** Sealed. */
  reason: string
  askedBy: string
  askedAt: Date
  confirmedBy: string | null
  confirmedAt: Date | null
  batches: BatchId[]
  /** Chunks and deliveries that could not be destroyed when they were last looked at. */
  waiting: number
  doneAt: Date | null
  certificate: string | null
}

/** What is known of a person while the erasure runs; it is kept sealed and destroyed at the end. */
export type Remembered = {
  subjects: SubjectId[]
  families: FamilyId[]
  keys: string[]
  places: { batch: BatchId; line: number }[]
  numbers: string[]
}

/** Whose certificate it is: address of the gateway without its scheme, and the erasure; also the name of the key that signs it. */
export function certificateOrigin(publicUrl: string, id: ErasureId): string {
  return `${publicUrl.replace(/^https?:\/\//, '').replaceAll('+', '%2B')}/erasures/${id}`
}

/** The text of a certificate: a line for each thing, no personal value; the id of the subject leads to nothing any more. */
export function certificateText(
  origin: string,
  { id, subject, confirmedAt, ...sums }: Pick<Erasure, 'id' | 'subject' | 'confirmedAt'> & Destroyed,
  doneAt: Date,
): string {
  const { records, entries, deliveries, results } = sums
  const lines = [
    origin,
    'titian-erasure/1',
    `erasure ${id}`,
    `subject ${subject}`,
    `confirmed ${confirmedAt?.toISOString() ?? ''}`,
    `done ${doneAt.toISOString()}`,
    `source records ${records}`,
    `entries ${entries}`,
    `deliveries ${deliveries}`,
    `results ${results}`,
  ]
  return `${lines.join('\n')}\n`
}
