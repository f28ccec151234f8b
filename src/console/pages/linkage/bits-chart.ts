import { type Html, html } from '../../../web/html.ts'

/** A bar: whole bits of match weight, and its parts from the ground up, each with the class that colours it. */
export type Bar = { bits: number; parts: readonly { tone: 'for' | 'against' | 'quiet'; count: number }[] }

/** A line across the bars at a number of bits. */
export type Limit = { bits: number; text: string }

const WIDTH = 560
const HEIGHT = 190
const [LEFT, RIGHT, TOP, GROUND] = [44, 12, 34, 160]
const TICK = 10

/** Bars over bits, with the thresholds; `label` says what a listener hears. A table beside it says the same. */
export function bitsChart(bars: readonly Bar[], limits: readonly Limit[], label: string): Html {
  const bits = [...bars, ...limits].map((one) => one.bits)
  const [lowest, highest] = [Math.min(...bits) - 1, Math.max(...bits) + 2]
  const most = Math.max(1, ...bars.map(({ parts }) => sum(parts)))
  const x = (at: number) => LEFT + ((at - lowest) / (highest - lowest)) * (WIDTH - LEFT - RIGHT)
  const height = (count: number) => (count / most) * (GROUND - TOP)
  const ticks = Array.from(
    { length: Math.floor(highest / TICK) - Math.ceil(lowest / TICK) + 1 },
    (_, at) => (Math.ceil(lowest / TICK) + at) * TICK,
  )
  return html`<svg class="bars" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${HEIGHT}">
<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${GROUND}" y2="${GROUND}"/><text x="${LEFT - 6}" y="${TOP + 5}" text-anchor="end">${most}</text><text x="${LEFT - 6}" y="${GROUND}" text-anchor="end">0</text>
${ticks.map((at) => html`<text x="${x(at)}" y="${GROUND + 18}" text-anchor="middle">${String(at).replace('-', '−')}</text>`)}
${bars.flatMap((bar) => stacked(bar, { x: x(bar.bits) + 0.5, width: Math.max(1, x(1) - x(0) - 1), height }))}
${limits.map(({ bits: at, text }, place) => html`<line class="warn" stroke="currentColor" stroke-dasharray="4 3" x1="${x(at)}" x2="${x(at)}" y1="${TOP - 8}" y2="${GROUND}"/><text x="${x(at)}" y="${place % 2 === 0 ? 22 : 10}" text-anchor="middle">${text}</text>`)}
</svg>`
}

function stacked(
  { parts }: Bar,
  { x, width, height }: { x: number; width: number; height(count: number): number },
): Html[] {
  let ground = GROUND
  return parts.flatMap(({ tone, count }) => {
    if (count === 0) return []
    const tall = height(count)
    ground -= tall
    return [
      html`<rect class="${tone}" fill="currentColor" x="${x.toFixed(1)}" y="${ground.toFixed(1)}" width="${width.toFixed(1)}" height="${tall.toFixed(1)}"/>`,
    ]
  })
}

function sum(parts: Bar['parts']): number {
  return parts.reduce((all, { count }) => all + count, 0)
}
