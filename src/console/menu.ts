import type { Language } from '../io/http/language.ts'
import type { Caller } from '../trust/access/caller.ts'
import type { Section, View } from '../web/page.ts'
import { AUDIT_MENU } from './pages/audit/words.ts'
import { BATCHES_MENU } from './pages/batches/words.ts'
import { DELIVERIES_MENU } from './pages/deliveries/words.ts'
import { HELD_MENU } from './pages/held/words.ts'
import { LINKAGE_MENU } from './pages/linkage/words.ts'
import { OVERVIEW_MENU } from './pages/overview/words.ts'
import { PEOPLE_MENU } from './pages/people/words.ts'
import { PLATFORMS_MENU } from './pages/platforms/words.ts'
import { QUALITY_MENU } from './pages/quality/words.ts'
import { QUEUES_MENU } from './pages/queues/words.ts'
import { RECONCILIATION_MENU } from './pages/reconciliation/words.ts'
import { REVIEW_MENU } from './pages/reviews/words.ts'
import { SEARCH_MENU } from './pages/search/words.ts'
import { SETTINGS_MENU } from './pages/settings/words.ts'
import { WEBHOOK_MENU } from './pages/webhooks/words.ts'
import { type ConsoleRight, hasRight } from './rights.ts'

/** How a page stands in the menu, for whoever has the right. */
export type MenuRow = {
  path: string
  text: Readonly<Record<Language, string>>
  right: ConsoleRight
  /** Another path whose pages belong to it. */
  also?: string
}

const DOCS_MENU: MenuRow = { path: '/docs', text: { id: 'Dokumen API', en: 'API documents' }, right: 'documents' }

/** The pages of the console, by groups, in the order of the menu. */
const GROUPS: readonly { text: MenuRow['text']; rows: readonly MenuRow[] }[] = [
  {
    text: { id: 'Pekerjaan', en: 'Work' },
    rows: [OVERVIEW_MENU, BATCHES_MENU, HELD_MENU, QUEUES_MENU, SEARCH_MENU],
  },
  { text: { id: 'Data', en: 'Data' }, rows: [QUALITY_MENU, REVIEW_MENU, LINKAGE_MENU, RECONCILIATION_MENU] },
  { text: { id: 'Pengiriman', en: 'Delivery' }, rows: [DELIVERIES_MENU, WEBHOOK_MENU] },
  { text: { id: 'Sistem', en: 'System' }, rows: [PLATFORMS_MENU, AUDIT_MENU, PEOPLE_MENU, SETTINGS_MENU, DOCS_MENU] },
]

/** The part of the menu that a person may enter. */
export function menuOf({ language }: Pick<View, 'language'>, caller: Pick<Caller, 'scopes'>): Section[] {
  return GROUPS.flatMap(({ text: group, rows }) =>
    rows
      .filter((row) => hasRight(caller, row.right))
      .map(({ path, text, also }) => ({
        ...{ path, group: group[language], word: { text: text[language] } },
        ...(also !== undefined && { also }),
      })),
  )
}
