import type { ErrorSpec } from './spec.ts'

/** How requests in the name of a person, and about breaches, are refused. */
export const RIGHTS_REFUSALS = {
  'person-missing': {
    status: 403,
    retry: false,
    id: 'Keputusan ini harus dari seseorang: pakai klien yang mewakili suatu akun (titian clients add --person)',
    en: 'This decision is a person’s: use a client that acts for an account (titian clients add --person)',
  },
  'breach-closed': {
    status: 409,
    retry: false,
    id: 'Kegagalan pelindungan ini belum diberitahukan, sudah diberitahukan, atau sudah ditutup',
    en: 'The notice of this breach was not given yet, was given before, or it is closed',
  },
  'request-closed': {
    status: 409,
    retry: false,
    id: 'Permintaan ini belum disetujui, sudah ditolak, atau sudah selesai',
    en: 'This request is not confirmed yet, was declined, or is done',
  },
  'restriction-closed': {
    status: 409,
    retry: false,
    id: 'Pembatasan ini ditolak, sudah dicabut, atau belum berlaku',
    en: 'This restriction was declined or lifted, or does not hold yet',
  },
  'erasure-closed': {
    status: 409,
    retry: false,
    id: 'Penghapusan ini sudah disetujui atau ditolak',
    en: 'This erasure was confirmed or declined already',
  },
} as const satisfies Record<string, ErrorSpec>
