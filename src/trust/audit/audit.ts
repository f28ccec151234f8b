import { createHash } from 'node:crypto'

/** What is written down, with the kind of thing that it is done to. */
export const AUDIT_ACTIONS = {
  'batch.received': {
    kind: 'batch',
    id: 'Kiriman diterima utuh',
    en: 'A batch was received whole',
  },
  'batch.released': {
    kind: 'batch',
    id: 'Data yang ditahan dalam kiriman dilepas',
    en: 'The held entries of a batch were released',
  },
  'batch.aborted': {
    kind: 'batch',
    id: 'Kiriman dibatalkan; data yang belum dikaitkan ditolak',
    en: 'A batch was aborted; what was not linked yet is rejected',
  },
  'batch.withdrawn': { kind: 'batch', id: 'Kiriman ditarik kembali', en: 'A batch was withdrawn' },
  'submission.committed': {
    kind: 'submission',
    id: 'Rangkaian kiriman disahkan; semua berkasnya diterima',
    en: 'A submission was committed; all of its files were received',
  },
  'submission.aborted': {
    kind: 'submission',
    id: 'Rangkaian kiriman dibatalkan sebelum disahkan',
    en: 'A submission was aborted before it was committed',
  },
  'submission.expired': {
    kind: 'submission',
    id: 'Rangkaian kiriman berakhir karena tidak dilanjutkan',
    en: 'A submission ended since nobody went on with it',
  },
  'record.withdrawn': { kind: 'batch', id: 'Satu data ditarik kembali', en: 'A record was withdrawn' },
  'snapshot.withdrawn': {
    kind: 'batch',
    id: 'Data yang tidak ada dalam snapshot ditarik kembali',
    en: 'What a snapshot did not hold was withdrawn',
  },
  'snapshot.held': {
    kind: 'batch',
    id: 'Snapshot ditahan: terlalu banyak data yang tidak ada',
    en: 'A snapshot was held: too much is absent from it',
  },
  'snapshot.kept': {
    kind: 'batch',
    id: 'Data yang tidak ada dalam snapshot dibiarkan',
    en: 'What a snapshot did not hold was kept',
  },
  'client.added': {
    kind: 'client',
    id: 'Klien ditambahkan',
    en: 'A client was added',
  },
  'client.widened': {
    kind: 'client',
    id: 'Klien mendapat izin tambahan',
    en: 'A client was given more scopes',
  },
  'client.disabled': {
    kind: 'client',
    id: 'Klien dinonaktifkan',
    en: 'A client was disabled',
  },
  'review.read': {
    kind: 'review',
    id: 'Kedua data peninjauan dilihat',
    en: 'The two records of a review were shown',
  },
  'review.same': {
    kind: 'review',
    id: 'Wali data: orang yang sama',
    en: 'A steward found two records to be one person',
  },
  'review.different': {
    kind: 'review',
    id: 'Wali data: orang yang berbeda',
    en: 'A steward found two records to be two people',
  },
  'review.later': {
    kind: 'review',
    id: 'Wali data: nanti',
    en: 'A steward put a review off',
  },
  'person.read': { kind: 'person', id: 'Melihat data seseorang', en: 'Looked at a person' },
  'links.exported': {
    kind: 'platform',
    id: 'Mengekspor kaitan data dan orang',
    en: 'Exported which record is which person',
  },
  'snapshot.read': {
    kind: 'feed',
    id: 'Seluruh data emas diambil untuk pemuatan awal',
    en: 'All golden records were read for a first load',
  },
  'candidates.read': {
    kind: 'candidate-list',
    id: 'Daftar calon program dibaca',
    en: 'A list of candidates for a programme was read',
  },
  'rule.tried': {
    kind: 'programme',
    id: 'Syarat program yang diubah dicoba terhadap penduduk sendiri',
    en: "A changed rule of a programme was tried on one's own residents",
  },
  'feed.renewed': {
    kind: 'feed',
    id: 'Basis data dipulihkan dari salinan lama: umpan paket dimulai ulang',
    en: 'The database was restored to an older copy: the feed of deliveries began anew',
  },
  'feed.reconciled': {
    kind: 'feed',
    id: 'Setelah pemulihan, BPS ditanya apa yang telah diterimanya; yang tidak dikenal ditarik kembali',
    en: 'After a restore BPS was asked what it had taken; what is not known here is taken back',
  },
  'delivery.retried': {
    kind: 'delivery',
    id: 'Pengiriman ulang paket diminta',
    en: 'A delivery was asked to be tried again at once',
  },
  'deliveries.resent': {
    kind: 'feed',
    id: 'Paket yang sudah diterima dikirim ulang, karena penerima dipulihkan dari salinan lama',
    en: 'Acknowledged deliveries were ordered to be sent again, for a receiver that was restored to an older copy',
  },
  'links.again': { kind: 'batch', id: 'Semua data orang dinilai ulang', en: 'Had all records of persons judged again' },
  'webhook.set': { kind: 'webhook', id: 'Webhook dipasang atau diubah', en: 'A webhook was added or changed' },
  'webhook.removed': { kind: 'webhook', id: 'Webhook dihapus', en: 'A webhook was removed' },
  'webhook.rotated': { kind: 'webhook', id: 'Rahasia webhook diganti', en: 'The secret of a webhook was changed' },
  'webhook.replayed': {
    kind: 'webhook',
    id: 'Pengiriman ulang kejadian ke webhook diminta',
    en: 'Events were asked to be sent to a webhook again',
  },
  'webhook.disabled': {
    kind: 'webhook',
    id: 'Webhook dinonaktifkan karena tidak dapat dikirimi',
    en: 'A webhook was disabled because nothing could be sent to it',
  },
  'person.unmerged': {
    kind: 'person',
    id: 'Data sumber dikeluarkan dari satu orang',
    en: 'Source records were taken out of a person',
  },
} as const satisfies Record<string, { kind: string; id: string; en: string }>
export type AuditAction = keyof typeof AUDIT_ACTIONS

/** One thing that was done: by which client, to which object. */
export type AuditEvent = {
  actor: string
  action: AuditAction
  object: string
  /** What else belongs to it, by digest: sealed bytes in place of a personal value, which a digest could be guessed from. */
  details?: Readonly<Record<string, string | number | boolean | null>>
}

/** The end of the log: the place and the hash that the next row is bound to. */
export type AuditEnd = { sequence: number; hash: string }

/** A row of the log; digests and hashes as hexadecimal. */
export type AuditRow = AuditEnd & {
  at: Date
  actor: string
  action: string
  kind: string
  object: string
  details: string
  previous: string
}

/** Before the first row. */
export const AUDIT_START: AuditEnd = { sequence: 0, hash: '00'.repeat(32) }

/** The row that an event becomes after the end of the log, at a moment of the database's clock. */
export function chainEvent({ actor, action, object, details = {} }: AuditEvent, end: AuditEnd, at: Date): AuditRow {
  const row = {
    sequence: end.sequence + 1,
    at,
    actor,
    action,
    kind: AUDIT_ACTIONS[action].kind,
    object,
    details: sha256(JSON.stringify(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)))),
    previous: end.hash,
  }
  return { ...row, hash: hashOf(row) }
}

/** Where the log stops being what it was, and why; `sequence` is the first row that is wrong. */
export type AuditFault = {
  sequence: number
  why: 'missing' | 'moved' | 'altered' | 'replaced'
}

/**
 * Walks on over rows in their order; gives the new end, or the first fault. Rows cut off at the end are seen only against a
 * `checkpoint`, an end that was noted elsewhere before.
 */
export function walkAudit(
  rows: readonly AuditRow[],
  from: AuditEnd,
  checkpoint?: AuditEnd,
): { end: AuditEnd; fault?: AuditFault } {
  let end = from
  for (const row of rows) {
    const sequence = end.sequence + 1
    const why = faultOf(row, end, checkpoint)
    if (why !== undefined) return { end, fault: { sequence, why } }
    end = { sequence, hash: row.hash }
  }
  return { end }
}

function faultOf(row: AuditRow, end: AuditEnd, checkpoint: AuditEnd | undefined): AuditFault['why'] | undefined {
  if (row.sequence !== end.sequence + 1) return 'missing'
  if (row.previous !== end.hash) return 'moved'
  if (row.hash !== hashOf(row)) return 'altered'
  if (row.sequence === checkpoint?.sequence && row.hash !== checkpoint.hash) return 'replaced'
  return undefined
}

/** A list has one form in JSON, so that its hash is that of its content. */
function hashOf({ sequence, at, actor, action, kind, object, details, previous }: Omit<AuditRow, 'hash'>): string {
  return sha256(JSON.stringify([sequence, at.toISOString(), actor, action, kind, object, details, previous]))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
