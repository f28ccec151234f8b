import type { BatchReportView } from '../../../reports/batch/report-shape.ts'
import { type Html, html } from '../../../web/html.ts'
import { link, type View } from '../../../web/page.ts'
import { sayBatch } from './words.ts'

type Cause = BatchReportView['causes'][number]

/** The values of one finding's examples, which somebody asked for. */
export type ShownValues = { code: string; values: readonly { line: number; path: string; value: string | null }[] }

/** Below a finding: the form that asks for the values of its examples, or these, where they were asked for. */
export function examplesBelow(
  view: View,
  batch: string,
  { code, examples }: Cause,
  shown?: ShownValues,
): Html | undefined {
  if (examples.length === 0) return undefined
  if (shown?.code === code) return valuesList(view, shown)
  const id = `why-${code}`
  return html`<details class="small"><summary>${sayBatch(view, 'values')}</summary><form method="post" action="${link(view, `/console/batches/${batch}/values`)}#values">
<p class="quiet">${sayBatch(view, 'valuesNote')}</p><input type="hidden" name="code" value="${code}">
<div class="field"><label for="${id}">${sayBatch(view, 'reason')}</label><input id="${id}" name="reason" required minlength="3" maxlength="500" autocomplete="off"></div>
<button class="light">${sayBatch(view, 'showValues')}</button></form></details>`
}

function valuesList(view: View, { values }: ShownValues): Html {
  return html`<div id="values" class="note" role="status"><p>${sayBatch(view, 'valuesShown')}</p><ul>${values.map(
    ({ line, path, value }) =>
      html`<li>${sayBatch(view, 'line')} ${line} · <code>${path === '' ? '/' : path}</code>: <strong class="wrap value">${value ?? sayBatch(view, 'valueGone')}</strong></li>`,
  )}</ul></div>`
}
