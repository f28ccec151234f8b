import { type Html, html } from '../../../web/html.ts'
import type { View } from '../../../web/page.ts'

/** Bits at which a bar is full; more is certain anyway. */
const FULL = 20

/** A bar from the middle, to the right for one person, and the number: the bar alone would say nothing to who cannot see it. */
export function weightBar(view: View, weight: number): Html {
  const width = Math.min(Math.abs(weight), FULL)
  const x = weight < 0 ? FULL - width : FULL
  const tone = weight < 0 ? 'minus' : 'plus'
  return html`<span class="weight"><svg viewBox="0 0 ${2 * FULL} 4" preserveAspectRatio="none" aria-hidden="true"><rect class="axis" x="0" y="1.8" width="${2 * FULL}" height=".4"/><rect class="${tone}" x="${x}" y="0" width="${width}" height="4"/></svg><span class="number ${weight < 0 ? 'against' : 'for'}">${signed(view, weight)}</span></span>`
}

/** Bits with their sign, to a tenth. */
export function signed({ language }: Pick<View, 'language'>, weight: number): string {
  const format = {
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
    minimumFractionDigits: 1,
  } as const
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(weight).replace('-', '−')
}
