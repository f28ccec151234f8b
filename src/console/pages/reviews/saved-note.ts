import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { type ReviewWord, sayReview } from './words.ts'

const SAVED: Readonly<Record<string, ReviewWord>> = {
  same: 'savedSame',
  different: 'savedDifferent',
  later: 'savedLater',
  noted: 'savedFirst',
  reversed: 'savedReversed',
}
const REFUSED: Readonly<Record<string, ReviewWord>> = {
  open: 'refusedOpen',
  'not-own': 'refusedNotOwn',
  'not-yet': 'refusedNotYet',
  'built-on': 'refusedBuiltOn',
}

/** What became of the form before, with the way back to that review, once. */
export function savedNote(view: View, { saved = '', was }: Readonly<Record<string, string>>): Html | undefined {
  const good = Object.hasOwn(SAVED, saved) ? SAVED[saved] : undefined
  const bad = Object.hasOwn(REFUSED, saved) ? REFUSED[saved] : undefined
  if (bad !== undefined) return html`<p class="note bad" role="alert">${sayReview(view, bad)}</p>`
  if (good === undefined) return undefined
  const back =
    was !== undefined && /^rev_[0-9a-z]{26}$/.test(was)
      ? html` <a href="${link(view, `/console/reviews/${was}`)}">${sayReview(view, 'backToIt')}</a>`
      : undefined
  return html`<p class="note good" role="status">${sayReview(view, good)}${back}</p>`
}
