/** What is written down of persons' rights, with the kind of thing that it is done to. */
export const RIGHTS_ACTIONS = {
  'request.asked': {
    kind: 'request',
    id: 'Permintaan seorang subjek data dicatat',
    en: 'A request of a person was taken down',
  },
  'request.confirmed': {
    kind: 'request',
    id: 'Permintaan seorang subjek data disetujui petugas kedua',
    en: 'A request of a person was confirmed by a second steward',
  },
  'request.declined': {
    kind: 'request',
    id: 'Permintaan seorang subjek data ditolak',
    en: 'A request of a person was declined',
  },
  'person.disclosed': {
    kind: 'person',
    id: 'Semua data yang disimpan tentang seseorang dibaca untuk diberikan kepadanya',
    en: 'All that is held of a person was read, to be given to that person',
  },
  'breach.opened': {
    kind: 'breach',
    id: 'Kegagalan pelindungan data dicatat',
    en: 'A breach of the protection of personal data was recorded',
  },
  'breach.told': {
    kind: 'breach',
    id: 'Kegagalan pelindungan data sudah diberitahukan',
    en: 'The notice of a breach was given',
  },
  'breach.closed': { kind: 'breach', id: 'Kegagalan pelindungan data ditutup', en: 'A breach was closed' },
  'breach.read': {
    kind: 'breach',
    id: 'Daftar data yang terdampak kegagalan pelindungan dibaca',
    en: 'The list of whom a breach concerns was read',
  },
  'records.expired': {
    kind: 'batch',
    id: 'Data yang masa simpannya berakhir ditarik kembali',
    en: 'Records that the agreement lets be kept no longer were withdrawn',
  },
  'correction.closed': {
    kind: 'correction',
    id: 'Tugas perbaikan data di sumber selesai',
    en: 'A correction that a source was asked for is closed',
  },
  'correction.read': {
    kind: 'platform',
    id: 'Daerah membaca permintaan perbaikan atas datanya',
    en: 'A platform read the corrections that it is asked for',
  },
  'restriction.asked': {
    kind: 'restriction',
    id: 'Pembatasan pemrosesan data seseorang diminta',
    en: 'The restriction of the use of a person’s data was asked for',
  },
  'restriction.confirmed': {
    kind: 'restriction',
    id: 'Pembatasan pemrosesan data seseorang disetujui',
    en: 'The restriction of the use of a person’s data was confirmed',
  },
  'restriction.lift-asked': {
    kind: 'restriction',
    id: 'Pencabutan pembatasan pemrosesan diminta',
    en: 'The lifting of a restriction was asked for',
  },
  'restriction.lifted': {
    kind: 'restriction',
    id: 'Pembatasan pemrosesan data seseorang dicabut',
    en: 'The restriction of the use of a person’s data was lifted',
  },
  'restriction.declined': {
    kind: 'restriction',
    id: 'Pembatasan pemrosesan, atau pencabutannya, ditolak',
    en: 'A restriction, or its lifting, was declined',
  },
  'erasure.asked': {
    kind: 'erasure',
    id: 'Penghapusan seseorang diminta',
    en: 'The erasure of a person was asked for',
  },
  'erasure.declined': {
    kind: 'erasure',
    id: 'Penghapusan seseorang ditolak',
    en: 'The erasure of a person was declined',
  },
  'erasure.confirmed': {
    kind: 'erasure',
    id: 'Penghapusan seseorang disetujui petugas kedua',
    en: 'The erasure of a person was confirmed by a second steward',
  },
  'erasure.done': { kind: 'erasure', id: 'Seseorang sudah dihapus', en: 'A person is erased' },
} as const satisfies Record<string, { kind: string; id: string; en: string }>
