import { RIGHTS_ACTIONS } from './actions-of-rights.ts'

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
  'labels.drawn': {
    kind: 'labels',
    id: 'Pasangan data ditarik untuk dinilai',
    en: 'Pairs of records were drawn to be labelled',
  },
  'label.read': { kind: 'labels', id: 'Wali data melihat satu pasangan', en: 'A steward looked at a pair' },
  'label.given': { kind: 'labels', id: 'Wali data menilai satu pasangan', en: 'A steward labelled a pair' },
  'batch.replayed': {
    kind: 'batch',
    id: 'Baris asli satu kiriman dikerjakan ulang sebagai kiriman baru',
    en: 'The source rows of a batch were worked again as a new batch',
  },
  'batch.values-read': {
    kind: 'batch',
    id: 'Wali data melihat isi contoh suatu temuan dalam kiriman',
    en: 'A steward looked at values of examples of a finding in a batch',
  },
  'batch.rows-read': {
    kind: 'batch',
    id: 'Wali data mengunduh baris asli dari kiriman',
    en: 'A steward downloaded source rows of a batch',
  },
  'stage.paused': {
    kind: 'stage',
    id: 'Satu tahap pekerjaan satu daerah dihentikan sementara',
    en: 'A stage of one platform was paused',
  },
  'stage.drained': {
    kind: 'stage',
    id: 'Satu tahap pekerjaan satu daerah dikosongkan: tahap sebelumnya dihentikan sementara',
    en: 'A stage of one platform is drained: the stages before it were paused',
  },
  'stage.resumed': { kind: 'stage', id: 'Satu tahap pekerjaan dilanjutkan', en: 'A stage of one platform was resumed' },
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
  'client.bound': {
    kind: 'client',
    id: 'Klien kini mewakili suatu akun',
    en: 'A client acts for the account of a person from now on',
  },
  'client.renewed': {
    kind: 'client',
    id: 'Kunci atau sertifikat klien diganti',
    en: 'The keys or certificates of a client were replaced',
  },
  'client.disabled': {
    kind: 'client',
    id: 'Klien dinonaktifkan',
    en: 'A client was disabled',
  },
  'account.added': { kind: 'account', id: 'Akun seseorang dibuat', en: 'An account of a person was made' },
  'account.set-up': {
    kind: 'account',
    id: 'Kata sandi sendiri dan faktor kedua dipasang',
    en: "A password of one's own and a second factor were set up",
  },
  'account.password': {
    kind: 'account',
    id: 'Kata sandi sendiri diganti',
    en: "A password of one's own was changed",
  },
  'account.reset': { kind: 'account', id: 'Akun seseorang diatur ulang', en: 'An account of a person was reset' },
  'account.roles': { kind: 'account', id: 'Peran seseorang diganti', en: 'The roles of a person were changed' },
  'account.disabled': { kind: 'account', id: 'Akun seseorang dinonaktifkan', en: 'An account was disabled' },
  'account.enabled': { kind: 'account', id: 'Akun seseorang diaktifkan lagi', en: 'An account was enabled again' },
  'account.signed-in': { kind: 'account', id: 'Seseorang masuk ke konsol', en: 'A person signed in at the console' },
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
  'family.read': { kind: 'family', id: 'Melihat anggota satu keluarga', en: 'Looked at the members of a family' },
  'review.reversed': {
    kind: 'review',
    id: 'Wali data membalik putusannya sendiri',
    en: 'A steward turned their own decision round',
  },
  'links.exported': {
    kind: 'platform',
    id: 'Mengekspor kaitan data dan orang',
    en: 'Exported which record is which person',
  },
  'reviews.read': {
    kind: 'review',
    id: 'Daftar peninjauan dibaca: perbandingan data, tanpa isinya',
    en: 'The list of possible matches was read: how records agree, without their values',
  },
  'report.read': {
    kind: 'batch',
    id: 'Laporan kiriman dengan contoh dibaca',
    en: 'The report of a batch was read, with examples',
  },
  'findings.read': {
    kind: 'batch',
    id: 'Temuan kiriman dengan kunci datanya dibaca',
    en: 'Findings of a batch were read, with the keys of records',
  },
  'reconciliation.read': {
    kind: 'platform',
    id: 'Daftar rekonsiliasi dibaca',
    en: 'A list of the reconciliation was read',
  },
  'changes.read': {
    kind: 'feed',
    id: 'Umpan perubahan subjek dibaca',
    en: 'The feed of changes of subjects was read',
  },
  'linkage.read': {
    kind: 'linkage',
    id: 'Contoh data orang dibuka untuk menghitung angka pengaitan',
    en: 'Records of persons were opened to work out figures of the linkage',
  },
  'linkage.trained': {
    kind: 'linkage',
    id: 'Data orang dibuka untuk menaksir model pengaitan',
    en: 'Records of persons were opened to estimate the model of the linkage',
  },
  'dataset.compared': {
    kind: 'dataset',
    id: 'Kiriman lama dibuka untuk membandingkan dua versi dataset',
    en: 'Past batches were opened to compare two versions of a dataset',
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
  'candidates.made': {
    kind: 'candidate-list',
    id: 'Daftar calon program dibuat',
    en: 'A list of candidates for a programme was made',
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
  'keys.resealed': {
    kind: 'keys',
    id: 'Data disegel ulang dengan kunci baru',
    en: 'What old keys had sealed was sealed anew',
  },
  'keys.reindexing': {
    kind: 'keys',
    id: 'Indeks mulai dipindahkan ke kunci baru',
    en: 'Indexes began to be moved to a new key',
  },
  'keys.reindexed': {
    kind: 'keys',
    id: 'Semua indeks sudah dipindahkan ke kunci baru',
    en: 'All indexes were moved to a new key',
  },
  'keys.retired': { kind: 'keys', id: 'Kunci lama dihapus', en: 'Old keys were retired' },
  ...RIGHTS_ACTIONS,
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
  'delivery.read': { kind: 'delivery', id: 'Isi paket diambil', en: 'The records of a delivery were read' },
  'results.read': {
    kind: 'platform',
    id: 'Hasil BPS atas data sendiri diambil',
    en: 'Results of BPS about own records were read',
  },
  'record.read': { kind: 'dataset', id: 'Perjalanan satu data dilihat', en: 'The way of one record was looked at' },
  'rows.read': { kind: 'batch', id: 'Baris kiriman diambil kembali', en: 'Rows of a batch were given back' },
  'explanation.read': {
    kind: 'person',
    id: 'Alasan penyatuan data seseorang dilihat',
    en: 'Why records are one person was looked at',
  },
  'key.added': { kind: 'key', id: 'Kunci baru mulai dikenal', en: 'A new key became known' },
  'key.retired': { kind: 'key', id: 'Kunci tidak dipakai lagi', en: 'A key was retired' },
  'person.unmerge-asked': {
    kind: 'person',
    id: 'Wali data pertama ingin mengeluarkan data sumber dari satu orang',
    en: 'A first steward wants source records taken out of a person',
  },
  'person.unmerged': {
    kind: 'person',
    id: 'Data sumber dikeluarkan dari satu orang',
    en: 'Source records were taken out of a person',
  },
} as const satisfies Record<string, { kind: string; id: string; en: string }>
export type AuditAction = keyof typeof AUDIT_ACTIONS
