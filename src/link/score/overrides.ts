/** Rules that keep two records apart however much agrees, in the words told to who asks why. */
export const OVERRIDES = {
  twins: {
    id: 'seperti kembar: satu tanggal lahir, tetapi nomor atau nama dalam satu daftar berbeda',
    en: 'like twins: one birth date, but other numbers, or other names on one list',
  },
  contradicted: {
    id: 'tidak digabung otomatis: nama atau tanggal lahir bertentangan dengan NIK',
    en: 'not joined by itself: name or birth date contradict the NIK',
  },
  namesakes: {
    id: 'tidak digabung otomatis: dua dari NIK, KK, dan desa, atau KK dan tanggal lahir berbeda, mungkin hanya senama',
    en: 'not joined by itself: two of NIK, family card and village, or card and birth date part, perhaps namesakes',
  },
  elsewhere: {
    id: 'tidak digabung lewat data ketiga: KK lain, atau daftar lain dari satu sumber',
    en: 'not joined through a third record: another family card, or another list of one source',
  },
  others: {
    id: 'tidak digabung: data lain dari salah satu orang ini bertentangan',
    en: 'not joined: another record of one of the two persons speaks against it',
  },
} as const
export type Override = keyof typeof OVERRIDES
