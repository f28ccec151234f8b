import type { FindingText } from '../domain/finding.ts'

/** What linking may find in an entry that is sound in itself. */
export const LINK_FINDINGS = {
  'key-twice': {
    severity: 'hold',
    id: 'Kunci ini muncul dua kali dalam satu kiriman dengan isi berbeda; baris pertama yang dipakai',
    en: 'This key stands twice in one batch with different content; the first line is used',
  },
  'key-reused': {
    severity: 'hold',
    wantsReason: true,
    id: 'Kunci ini sudah dipakai orang atau keluarga lain: nama, tanggal lahir, NIK atau kartu, kepala, dan alamatnya berbeda',
    en: 'This key stands for another person or family already: name, birth date and NIK, or card, head and address differ',
  },
  'as-of-older': {
    severity: 'warning',
    id: 'Data dengan tanggal rujukan yang lebih baru sudah ada untuk kunci ini; isi yang lebih lama tidak dipakai',
    en: 'A record of a later reference date is known under this key; the older content is not used',
  },
  superseded: {
    severity: 'warning',
    id: 'Kiriman yang lebih baru sudah menyatakan data ini; isi yang lebih lama tidak dipakai',
    en: 'A newer batch has already stated this record; the older content is not used',
  },
  'person-unplaced': {
    severity: 'warning',
    id: 'Tidak diketahui di mana orang ini tinggal: wilayahnya tidak disebut datanya sendiri maupun data keluarganya. Kirim kode desa/kelurahan, atau data keluarganya',
    en: "Where this person lives is not known: neither the own record nor the family's says it. Push a village code, or the record of the family",
  },
  'snapshot-shrunken': {
    severity: 'warning',
    id: 'Terlalu banyak data tidak ada dalam snapshot ini; belum ada yang ditarik. Kirim snapshot yang lengkap, atau minta petugas menyetujuinya',
    en: 'Too many records are absent from this snapshot; nothing is withdrawn. Push a whole one, or ask the operators to agree to it',
  },
  'snapshot-unreadable': {
    severity: 'warning',
    id: 'Ada baris snapshot tanpa kunci yang terbaca; belum ada yang ditarik. Perbaiki baris itu dan kirim lagi, atau minta petugas menyetujuinya',
    en: 'A line of this snapshot has no readable key; nothing is withdrawn. Mend it and push again, or ask the operators to agree to it',
  },
} as const satisfies Record<string, FindingText>
