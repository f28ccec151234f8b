import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const DELIVERIES_MENU: MenuRow = {
  path: '/console/deliveries',
  text: { id: 'Paket ke BPS', en: 'Deliveries' },
  right: 'deliveries',
}

const DELIVERY_WORDS = {
  lead: {
    id: 'Paket yang disusun untuk BPS. Yang terhitung terkirim hanyalah yang bukti terimanya sudah diperiksa.',
    en: 'Deliveries composed for BPS. Only those whose receipt was verified count as delivered.',
  },
  waiting: { id: 'Belum diterima', en: 'Not acknowledged' },
  oldest: { id: 'Tertua', en: 'Oldest' },
  usual: { id: 'Biasanya', en: 'Usually takes' },
  usualNote: { id: 'dari disusun sampai diterima', en: 'from composed to acknowledged' },
  lastAcknowledged: { id: 'Terakhir diterima', en: 'Last acknowledged' },
  breaker: { id: 'Pemutus arus', en: 'Circuit breaker' },
  breakerClosed: { id: 'tertutup', en: 'closed' },
  breakerOpen: { id: 'terbuka', en: 'open' },
  breakerNote: { id: 'tujuan tidak dihubungi sampai', en: 'the receiver is left alone until' },
  failures: { id: 'gagal berturut', en: 'failures in a row' },
  open: { id: 'Belum diterima', en: 'Not acknowledged' },
  refused: { id: 'Ditolak', en: 'Refused' },
  acknowledged: { id: 'Diterima', en: 'Acknowledged' },
  all: { id: 'Semua', en: 'All' },
  composed: { id: 'Disusun', en: 'Composed' },
  sent: { id: 'Dikirim', en: 'Sent' },
  delivery: { id: 'Paket', en: 'Delivery' },
  records: { id: 'Rekaman', en: 'Records' },
  position: { id: 'Tempat', en: 'Position' },
  none: { id: 'Tidak ada paket di sini.', en: 'There is no delivery here.' },
  underWay: { id: 'pada pekerja', en: 'with a worker' },
  resendTitle: { id: 'Kirim ulang menurut tempat', en: 'Send again by position' },
  resendNote: {
    id: 'Untuk penerima yang dipulihkan dari salinan lama: paket yang sudah diterima dikirim lagi, byte yang sama dengan id yang sama. Alasan disimpan tersegel.',
    en: 'For a receiver that was restored to an older copy: acknowledged deliveries go out again, the same bytes under the same ids. The reason is kept sealed.',
  },
  fromPosition: { id: 'Dari tempat', en: 'From position' },
  toPosition: { id: 'Sampai tempat (kosong: terakhir)', en: 'To position (empty: the last)' },
  resend: { id: 'Kirim ulang', en: 'Send again' },
  resent: { id: 'Paket dikirim ulang:', en: 'Deliveries sent again:' },
  openAnyway: { id: 'memang belum diterima:', en: 'open anyway:' },
  gone: { id: 'isinya sudah dihapus:', en: 'past their retention:' },
  goOn: { id: 'Masih ada lagi, lanjutkan dari tempat', en: 'There are more; go on from position' },
  one: { id: 'Satu paket', en: 'One delivery' },
  retry: { id: 'Coba lagi sekarang', en: 'Try again now' },
  savedDue: { id: 'Dicatat: paket dicoba lagi sekarang.', en: 'Saved: it is tried again now.' },
  savedUnderWay: { id: 'Paket sedang dikerjakan.', en: 'A worker has it.' },
  savedAcknowledged: { id: 'Paket sudah diterima BPS.', en: 'BPS has acknowledged it.' },
  entries: { id: 'Data', en: 'Entries' },
  sentAt: { id: 'Dikirim pada', en: 'Sent at' },
  triedAt: { id: 'Terakhir dicoba', en: 'Tried last' },
  acknowledgedBy: { id: 'Diterima oleh', en: 'Acknowledged by' },
  signedBy: { id: 'Kunci bukti terima', en: 'Key of the receipt' },
  resends: { id: 'Dikirim ulang', en: 'Sent again' },
  kept: { id: 'Isi masih disimpan', en: 'Bytes are kept' },
  yes: { id: 'ya', en: 'yes' },
  no: { id: 'tidak, lewat masa simpan', en: 'no, past retention' },
  notTaken: { id: 'Tidak diambil BPS', en: 'Not taken by BPS' },
  subject: { id: 'Subjek', en: 'Subject' },
  code: { id: 'Kode', en: 'Code' },
} as const satisfies Words

export type DeliveryWord = keyof typeof DELIVERY_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayDelivery = speaking(DELIVERY_WORDS)
