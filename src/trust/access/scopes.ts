export type ScopeSpec = { holder: 'platform' | 'national'; id: string; en: string }

/** What a token may allow. Only a client bound to a platform may hold a `platform` scope, only an unbound one a `national` scope. */
export const SCOPES = {
  'batches:write': {
    holder: 'platform',
    id: 'Mengirim kiriman data, membatalkan, dan menariknya kembali',
    en: 'Push batches, abort them, and take back what was pushed',
  },
  'batches:read': {
    holder: 'platform',
    id: 'Melihat kiriman sendiri dan temuannya',
    en: "Read one's own batches and their findings",
  },
  'records:read': {
    holder: 'platform',
    id: 'Melihat perjalanan satu data sendiri',
    en: "Read the way of one's own records",
  },
  'results:read': {
    holder: 'platform',
    id: 'Mengambil hasil dari BPS untuk data sendiri',
    en: "Pull what BPS answered about one's own records",
  },
  'candidates:read': {
    holder: 'platform',
    id: 'Melihat calon penerima program di antara penduduk sendiri',
    en: "Read candidates for programmes among one's own residents",
  },
  'conservation:read': {
    holder: 'platform',
    id: 'Melihat neraca kiriman sendiri',
    en: "Read the conservation of one's own batches",
  },
  'results:write': {
    holder: 'national',
    id: 'Mengirim hasil BPS dan melihat nasib kirimannya',
    en: 'Post the results of BPS and see what became of them',
  },
  'webhooks:write': {
    holder: 'platform',
    id: 'Mengatur webhook sendiri dan melihat pengirimannya',
    en: "Set up one's own webhooks and see what was sent to them",
  },
  'deliveries:read': { holder: 'national', id: 'Mengambil paket untuk BPS', en: 'Pull deliveries made for BPS' },
  'deliveries:ack': { holder: 'national', id: 'Mengakui penerimaan paket', en: 'Acknowledge deliveries' },
  ops: { holder: 'national', id: 'Memantau dan mengendalikan gerbang', en: 'Watch and operate the gateway' },
  steward: {
    holder: 'national',
    id: 'Menjalankan tugas wali data atas semua daerah',
    en: 'Do the work of a data steward, over all regions',
  },
} as const satisfies Record<string, ScopeSpec>

export type Scope = keyof typeof SCOPES

/** What a caller may hold: a scope, or what persons of the console hold and no token. */
export type Right = Scope | 'auditor' | 'viewer'

/** Tells a scope of the catalogue from any other text. */
export function isScope(text: string): text is Scope {
  return Object.hasOwn(SCOPES, text)
}

/** The scopes of the catalogue that a client of this kind may hold. */
export function scopesOf(holder: ScopeSpec['holder']): Scope[] {
  return Object.entries(SCOPES).flatMap(([name, spec]) => (isScope(name) && spec.holder === holder ? [name] : []))
}
