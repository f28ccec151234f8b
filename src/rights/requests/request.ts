import type { PersonId, RequestId } from '../../domain/ids.ts'
import { dueAt } from '../clock.ts'

/** `asked` by one steward, then `open` since another has confirmed it, or `declined`; `done` when what was asked for was given. */
export const REQUEST_STATES = ['asked', 'declined', 'open', 'done'] as const
export type RequestState = (typeof REQUEST_STATES)[number]

/** A request of a person for access (UU PDP 27/2022, article 32) or correction (article 30), as it is stored. */
export type PersonRequest = {
  id: RequestId
  about: 'access' | 'correction'
  subject: PersonId
  state: RequestState
  receivedAt: Date
  askedBy: string
  askedAt: Date
  confirmedBy: string | null
  confirmedAt: Date | null
  doneAt: Date | null
}

/** The rights that are asked for, and whether the law gives a time for what is asked. */
export const RIGHTS = {
  access: { hasClock: true },
  correction: { hasClock: true },
  restriction: { hasClock: true },
  erasure: { hasClock: false },
} as const
export type LawfulRight = keyof typeof RIGHTS

/** One line of the list of all requests, whatever they are about. */
export type ListedRequest = {
  id: string
  right: LawfulRight
  subject: string
  state: string
  receivedAt: Date
  /** When it was done or declined. */
  endedAt: Date | null
}

/** When a request is due by law, and whether it is late at a moment; null where the law gives no time. */
export function clockOf({ right, receivedAt, endedAt }: ListedRequest, now: Date): { due: Date | null; late: boolean } {
  if (!RIGHTS[right].hasClock) return { due: null, late: false }
  const due = dueAt(receivedAt)
  return { due, late: (endedAt ?? now) > due }
}
