import type { Static } from 'typebox'
import { BATCH } from '../../domain/states.ts'
import type { Batch } from '../../engine/batch-shapes.ts'
import type { Language } from '../../io/http/language.ts'

type Judged = Pick<Static<typeof Batch>, 'state' | 'mode' | 'counts' | 'corrected' | 'aborted_at' | 'refused_at'>

const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' }

/** What became of a batch, in one or two sentences; `worst` is what rejected or held most, in words. */
export function verdictOfBatch(
  batch: Judged,
  worst: { title: string; entries: number } | undefined,
  language: Language,
): string {
  const numbers = new Intl.NumberFormat(LOCALES[language])
  const n = (value: number) => numbers.format(value)
  const { received, rejected, held, pending } = batch.counts
  const good = batch.counts.new + batch.counts.updated + batch.counts.unchanged
  const known = received - pending
  const say = (id: string, en: string) => (language === 'id' ? id : en)
  const parts = say(
    `${n(batch.counts.new)} baru, ${n(batch.counts.updated)} berubah, ${n(batch.counts.unchanged)} tetap`,
    `${n(batch.counts.new)} new, ${n(batch.counts.updated)} updated, ${n(batch.counts.unchanged)} unchanged`,
  )
  const sentences: string[] = []
  if (batch.state === BATCH.receiving) return say('Masih diunggah.', 'Still uploading.')
  if (batch.refused_at !== null) {
    sentences.push(
      say(
        `Ditolak seluruhnya (mode strict): ada data yang bermasalah, jadi tidak satu pun dari ${n(received)} data dipakai atau dikirim ke BPS.`,
        `Refused as a whole (strict mode): some entries cannot be used, so none of the ${n(received)} was taken or delivered to BPS.`,
      ),
    )
  } else if (pending > 0) {
    sentences.push(
      say(
        `Sedang dikerjakan: ${n(known)} dari ${n(received)} data sudah selesai (${parts}).`,
        `Under way: ${n(known)} of ${n(received)} entries are done (${parts}).`,
      ),
    )
  } else if (batch.aborted_at !== null) {
    sentences.push(
      say(
        `Dibatalkan: ${n(good)} dari ${n(received)} data sudah dipakai sebelum pembatalan (${parts}).`,
        `Aborted: ${n(good)} of ${n(received)} entries had been taken before (${parts}).`,
      ),
    )
  } else if (rejected + held === 0) {
    sentences.push(
      say(`Semua ${n(received)} data dipakai (${parts}).`, `All ${n(received)} entries were taken (${parts}).`),
    )
  } else {
    sentences.push(
      say(
        `${n(good)} dari ${n(received)} data dipakai (${parts}).`,
        `${n(good)} of ${n(received)} entries were taken (${parts}).`,
      ),
    )
  }
  if (rejected + held > 0 && batch.refused_at === null) {
    const corrected = batch.corrected.rejected + batch.corrected.held
    const since =
      corrected === 0
        ? ''
        : say(`; ${n(corrected)} di antaranya sudah diperbaiki`, `; ${n(corrected)} of them are corrected since`)
    sentences.push(
      say(
        `${n(rejected)} ditolak dan ${n(held)} ditahan${since}.`,
        `${n(rejected)} rejected and ${n(held)} held${since}.`,
      ),
    )
  }
  if (worst !== undefined)
    sentences.push(
      say(
        `Paling sering: ${worst.title} (${n(worst.entries)} data).`,
        `Most often: ${worst.title} (${n(worst.entries)} ${worst.entries === 1 ? 'entry' : 'entries'}).`,
      ),
    )
  return sentences.join(' ')
}
