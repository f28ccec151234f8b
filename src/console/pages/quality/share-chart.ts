import { type Html, html } from '../../../web/html.ts'

const WIDTH = 1100
const HEIGHT = 130
const LEFT = 40
const PAD = 10

/** A line over the shares of some pushes, 0 to 1, drawn from the lowest tenth on that is needed; `label` says what a listener hears. */
export function shareChart(shares: readonly number[], label: string): Html {
  const lowest = Math.min(0.9, Math.floor(Math.min(...shares) * 10) / 10)
  const x = (at: number) => LEFT + (shares.length === 1 ? 0.5 : at / (shares.length - 1)) * (WIDTH - LEFT - PAD)
  const y = (share: number) => PAD + ((1 - share) / (1 - lowest)) * (HEIGHT - 2 * PAD)
  const points = shares.map((share, at) => `${x(at).toFixed(1)},${y(share).toFixed(1)}`)
  const mark = (share: number) =>
    html`<line class="grid" x1="${LEFT}" x2="${WIDTH - PAD}" y1="${y(share)}" y2="${y(share)}"/><text x="${LEFT - 6}" y="${y(share) + 4}" text-anchor="end">${Math.round(100 * share)} %</text>`
  return html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
${mark(1)}${mark(lowest)}<polyline points="${points.join(' ')}"/>${points.map((point) => {
    const [left, top] = point.split(',')
    return html`<circle cx="${left}" cy="${top}" r="3.5"/>`
  })}</svg>`
}
