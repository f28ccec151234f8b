import type { Language } from '../io/http/language.ts'
import type { Access } from '../trust/access/access.ts'
import type { Caller } from '../trust/access/caller.ts'
import type { PersonRole } from '../trust/people/roles.ts'

type RightSpec = { roles: readonly PersonRole[] } & Readonly<Record<Language, string>>

const EVERYBODY = ['ops', 'steward', 'auditor', 'viewer'] as const

/** What there is to see and to do at the console, and who may: the one table that routes, menu and documents go by. */
export const CONSOLE_RIGHTS = {
  overview: { roles: EVERYBODY, id: 'Beranda: jumlah dan keadaan', en: 'Home: counts and states' },
  batches: { roles: EVERYBODY, id: 'Kiriman dan laporannya', en: 'Batches and their reports' },
  quality: { roles: EVERYBODY, id: 'Mutu data', en: 'Quality of data' },
  platforms: { roles: EVERYBODY, id: 'Daerah dan perjanjiannya', en: 'Platforms and their agreements' },
  account: { roles: EVERYBODY, id: 'Akun sendiri', en: "One's own account" },
  audit: { roles: ['ops', 'steward', 'auditor'], id: 'Catatan audit', en: 'Audit log' },
  people: { roles: ['ops', 'auditor'], id: 'Siapa yang punya akun', en: 'Who has an account' },
  settings: { roles: ['ops', 'auditor'], id: 'Pengaturan', en: 'Settings' },
  search: {
    roles: ['ops', 'steward'],
    id: 'Mencari kiriman, data, dan paket',
    en: 'Search for batches, records, deliveries',
  },
  'search.keys': { roles: ['steward'], id: 'Mencari menurut kunci daerah', en: "Search by a region's key" },
  held: { roles: ['ops', 'steward'], id: 'Data yang ditahan', en: 'What is held' },
  release: { roles: ['ops', 'steward'], id: 'Melepas data yang ditahan', en: 'Release what is held' },
  'batch.rows': { roles: ['steward'], id: 'Mengunduh baris asli kiriman', en: 'Download source rows of a batch' },
  'batch.values': { roles: ['steward'], id: 'Melihat nilai contoh temuan', en: 'See values of examples of findings' },
  'batch.replay': { roles: ['ops'], id: 'Mengolah ulang kiriman', en: 'Work a batch again' },
  'batch.abort': { roles: ['ops'], id: 'Membatalkan kiriman', en: 'Abort a batch' },
  deliveries: { roles: ['ops'], id: 'Paket ke BPS, dan mengirim ulang', en: 'Deliveries to BPS, and trying again' },
  queues: { roles: ['ops'], id: 'Antrean, dan menghentikan tahap sementara', en: 'Queues, and pausing stages' },
  webhooks: { roles: ['ops'], id: 'Webhook, dan mengirim ulang kejadian', en: 'Webhooks, and sending events again' },
  documents: { roles: ['ops'], id: 'Dokumen API', en: 'API documents' },
  reviews: { roles: ['steward'], id: 'Meja peninjauan: memutuskan', en: 'Review desk: decisions' },
  persons: { roles: ['steward'], id: 'Data seseorang, dan memisahkannya', en: 'A person, and parting it' },
  linkage: { roles: ['steward'], id: 'Mutu pengaitan', en: 'Quality of linkage' },
  reconciliation: { roles: ['steward'], id: 'Rekonsiliasi dengan BPS', en: 'Reconciliation with BPS' },
} as const satisfies Record<string, RightSpec>
export type ConsoleRight = keyof typeof CONSOLE_RIGHTS

/** The access of a route for who has a right; `watch` for what a page asks for by itself. */
export function doorTo(right: ConsoleRight, page: true | 'watch' = true): Required<Pick<Access, 'scope' | 'page'>> {
  return { scope: [...CONSOLE_RIGHTS[right].roles], page }
}

/** Whether a person has a right. */
export function hasRight({ scopes }: Pick<Caller, 'scopes'>, right: ConsoleRight): boolean {
  return CONSOLE_RIGHTS[right].roles.some((role) => scopes.includes(role))
}
