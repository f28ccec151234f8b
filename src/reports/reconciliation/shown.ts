import { parseQuarter, type Quarter, quarterOf } from '../../domain/quarter.ts'
import type { Language } from '../../io/http/language.ts'
import type { ResultCatalogue } from '../../results/catalogue.ts'
import type { ListItem } from './lists.ts'
import type { ReconciledRecord } from './reconciliation-shapes.ts'

const JAKARTA = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' })

/** A quarter by its name, the present one without; undefined for none, or one that has not begun. */
export function begunQuarter(name: string | undefined, now: Date): Quarter | undefined {
  const today = JAKARTA.format(now)
  const found = parseQuarter(name ?? quarterOf(today))
  return found !== undefined && found.from <= today ? found : undefined
}

/** A line of a list as it is shown, its reason in words. */
export function shownRecord(
  { result, ...item }: ListItem,
  { reasons }: Pick<ResultCatalogue, 'reasons'>,
  language: Language,
): ReconciledRecord {
  const reason = result?.reason ?? null
  return {
    ...item,
    status: result?.status ?? null,
    reason,
    reason_text: reason === null ? null : (reasons.get(reason)?.[language] ?? reason),
    region: result?.region ?? null,
    version: result?.version ?? null,
    as_of: result?.asOf ?? null,
  }
}
