import type { Language } from '../../../io/http/language.ts'
import { type Html, html } from '../../../web/html.ts'
import type { View } from '../../../web/page.ts'

/** What BPS's last answer means, by how it is noted: the first that fits counts. */
const ANSWERS: readonly { noted: RegExp; text: Readonly<Record<Language, string>> }[] = [
  { noted: /^refused/, text: { id: 'BPS menolak isinya', en: 'BPS refuses what is in it' } },
  { noted: /^busy/, text: { id: 'BPS minta menunggu', en: 'BPS asks to wait' } },
  { noted: /^pending/, text: { id: 'BPS belum selesai dengannya', en: 'BPS is not done with it yet' } },
  { noted: /^failed: receipt/, text: { id: 'Tanda terima BPS tidak cocok', en: 'The receipt of BPS does not fit' } },
  {
    noted: /^failed: status-40[13]/,
    text: { id: 'BPS tidak mengenal pengirimnya', en: 'BPS does not know the sender' },
  },
  { noted: /^failed: status-3/, text: { id: 'BPS mengalihkan ke alamat lain', en: 'BPS points to another address' } },
  { noted: /^failed: status-404/, text: { id: 'Alamat BPS tidak ada', en: 'The address of BPS is not there' } },
  { noted: /^failed: status-5/, text: { id: 'Di pihak BPS ada gangguan', en: 'Something is wrong at BPS' } },
  {
    noted: /^failed: .*(timeout|abort)/i,
    text: { id: 'BPS tidak menjawab pada waktunya', en: 'BPS does not answer in time' },
  },
  {
    noted: /^failed: (E[A-Z]+|UND_ERR)/,
    text: { id: 'BPS tidak dapat dihubungi', en: 'BPS cannot be reached' },
  },
]

/** The last answer of BPS in words, with its code; a dash where there is none. */
export function answerText({ language }: Pick<View, 'language'>, noted: string | null): Html {
  if (noted === null) return html`–`
  const text = ANSWERS.find((answer) => answer.noted.test(noted))?.text[language]
  return html`<span class="wrap">${text === undefined ? undefined : html`${text} `}<code class="quiet small">${noted}</code></span>`
}
