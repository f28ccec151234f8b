import { speaking, type Words } from '../../../web/speaking.ts'
import type { Word } from '../../../web/words.ts'
import type { MenuRow } from '../../menu.ts'

export const WEBHOOK_MENU: MenuRow = {
  path: '/console/webhooks',
  text: { id: 'Webhook', en: 'Webhooks' },
  right: 'webhooks',
}

const WEBHOOK_WORDS = {
  webhooksLead: {
    id: 'Ke mana daerah minta dikabari, dan apa yang terjadi dengan setiap pesan. Isi jawaban tidak disimpan, hanya statusnya.',
    en: 'Where platforms want to be told, and what became of each message. Nothing of an answer is kept but its status.',
  },
  webhook: { id: 'Webhook', en: 'Webhook' },
  arrivedLast: { id: 'Terakhir sampai', en: 'Last arrived' },
  failuresInARow: { id: 'Gagal berturut', en: 'Failures in a row' },
  givenUp: { id: 'Dihentikan', en: 'Given up' },
  webhookEnabled: { id: 'aktif', en: 'enabled' },
  webhookResting: { id: 'jeda sampai', en: 'rests until' },
  webhookGone: { id: 'dimatikan: alamat menjawab 410', en: 'disabled: the address answered 410' },
  webhookFailing: { id: 'dimatikan: tiga hari tidak ada yang sampai', en: 'disabled: nothing arrived in three days' },
  noWebhooks: { id: 'Belum ada webhook.', en: 'There is no webhook yet.' },
  message: { id: 'Pesan', en: 'Message' },
  messageDue: { id: 'menunggu', en: 'waiting' },
  messageDelivered: { id: 'sampai', en: 'delivered' },
  messageFailed: { id: 'dihentikan', en: 'given up' },
  noMessages: { id: 'Belum ada pesan.', en: 'There is no message yet.' },
  replay: { id: 'Kirim ulang', en: 'Send again' },
  replayNote: {
    id: 'Semua peristiwa pada hari-hari ini (waktu Jakarta) dikirim lagi dengan id yang sama.',
    en: 'All events of these days (by Jakarta time) are sent again, under the ids that they have.',
  },
  replayed: { id: 'Dicatat: peristiwa dikirim ulang:', en: 'Saved: events sent again:' },
  replayedMore: { id: 'Masih ada lagi; kirim ulang sekali lagi.', en: 'There are more; send again once more.' },
} as const satisfies Words

export type WebhookWord = keyof typeof WEBHOOK_WORDS | Word

/** A text of these pages in the language of the view. */
export const sayWebhook = speaking(WEBHOOK_WORDS)
