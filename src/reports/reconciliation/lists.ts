import type { ResultStatus } from '../../domain/results/result.ts'

/** What became of the records that a platform sent; each record is on exactly one of these lists. */
export const SENT_LISTS = ['found', 'not-found', 'dead', 'moved-out', 'moved-within', 'excluded', 'unanswered'] as const
export type SentList = (typeof SENT_LISTS)[number]

/** What BPS knows of the region and the platform did not send. */
const UNSENT_LISTS = ['moved-in', 'never-sent'] as const
export type UnsentList = (typeof UNSENT_LISTS)[number]

/** All lists; `duplicates` holds records that are on a sent list, too. */
export const LISTS = [...SENT_LISTS, ...UNSENT_LISTS, 'duplicates'] as const
export type ReconciliationList = (typeof LISTS)[number]

/** The list of a record that was sent, by the result of its subject in the quarter. */
export function sentListOf(
  result: { status: ResultStatus; region: string | null } | null,
  scope: readonly string[],
): SentList {
  return listOf(result?.status ?? null, isWithin(result?.region ?? null, scope))
}

/** The list of the records with this status; `within` says whether BPS lists them in the platform's scope. */
export function listOf(status: ResultStatus | null, within: boolean): SentList {
  if (status === null) return 'unanswered'
  if (status === 'active') return 'found'
  if (status === 'moved') return within ? 'moved-within' : 'moved-out'
  return status
}

/** Whether a BPS code lies in the scope of a platform: below one of its prefixes. */
function isWithin(region: string | null, scope: readonly string[]): boolean {
  return region !== null && scope.some((prefix) => region.startsWith(prefix))
}

/** How many records have a result of this status, by whether it names a region in the scope. */
export type StatusCount = { status: ResultStatus | null; within: boolean; records: number }

/** What a result says, as far as it is reconciled. */
export type StatedResult = {
  status: ResultStatus
  reason: string | null
  region: string | null
  version: string
  asOf: string
}

/** One line of a list: the platform's own key where it has one, and what BPS says. */
export type ListItem = {
  dataset: string | null
  key: string | null
  /** Other keys of the same dataset that are the same person or family. */
  same_as: string[]
  result: StatedResult | null
}

/** The pattern of the `next` of any list. */
export const LIST_CURSOR = '^((per|fam)_[0-9a-z]{26}\\.[0-9a-f]{32}|[0-9]{2,10}\\.[rs][0-9a-z_]{10,60})$'
const SENT_CURSOR = /^(per|fam)_[0-9a-z]{26}\.[0-9a-f]{32}$/
const UNSENT_CURSOR = /^[0-9]{2,10}\.[rs][0-9a-z_]{10,60}$/

/** Whether a page of this list may have ended there; '' is the beginning. */
export function isCursorOf(list: ReconciliationList, after: string): boolean {
  return after === '' || (isUnsentList(list) ? UNSENT_CURSOR : SENT_CURSOR).test(after)
}

/** Whether the list is of what the platform did not send. */
export function isUnsentList(list: ReconciliationList): list is UnsentList {
  return UNSENT_LISTS.some((unsent) => unsent === list)
}
