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
export type MenuRow = { path: string; text: Readonly<Record<Language, string>>; right: ConsoleRight }

const DOCS_MENU: MenuRow = { path: '/docs', text: { id: 'Dokumen API', en: 'API documents' }, right: 'documents' }

/** The pages of the console in the order of the menu. */
const MENU: readonly MenuRow[] = [
  OVERVIEW_MENU,
  BATCHES_MENU,
  SEARCH_MENU,
  HELD_MENU,
  REVIEW_MENU,
  LINKAGE_MENU,
  QUALITY_MENU,
  RECONCILIATION_MENU,
  DELIVERIES_MENU,
  WEBHOOK_MENU,
  QUEUES_MENU,
  PLATFORMS_MENU,
  AUDIT_MENU,
  PEOPLE_MENU,
  SETTINGS_MENU,
  DOCS_MENU,
]

/** The part of the menu that a person may enter. */
export function menuOf({ language }: Pick<View, 'language'>, caller: Pick<Caller, 'scopes'>): Section[] {
  return MENU.filter(({ right }) => hasRight(caller, right)).map(({ path, text }) => ({
    path,
    word: { text: text[language] },
  }))
}
