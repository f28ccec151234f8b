import type { ErrorSpec } from './spec.ts'

/** Refusals of commands about keys. */
export const KEY_REFUSALS = {
  'keys-in-use': {
    status: 409,
    retry: false,
    id: 'Semua kunci lama masih menyegel data: segel ulang dahulu dengan titian keys reseal',
    en: 'Every old key still seals something: seal it anew first, by titian keys reseal',
  },
  'index-rotation-open': {
    status: 409,
    retry: false,
    id: 'Rotasi kunci indeks sebelumnya belum selesai: hapus kunci lama dahulu dengan titian keys retire',
    en: 'The index key before is still there: let the rotation end, then take it out by titian keys retire',
  },
} as const satisfies Record<string, ErrorSpec>
