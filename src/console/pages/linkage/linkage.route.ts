import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Canonical } from '../../../language/canonical.ts'
import { atSize } from '../../../link/score/at-size.ts'
import type { ModelFile } from '../../../link/score/model-file.ts'
import { readSize } from '../../../link/subjects/size.sql.ts'
import { readLabelReport } from '../../../link/train/labels/label.db.ts'
import { readSampleFigures } from '../../../link/train/sample.db.ts'
import { selectPersonSizes, selectReviewedBits } from '../../../reports/linkage/linkage.sql.ts'
import { thresholdCurve } from '../../../reports/linkage/threshold-curve.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { html } from '../../../web/html.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { type LabelPageOptions, labelPages } from './labels.route.ts'
import { linkageBody } from './linkage-page.ts'
import { LINKAGE_MENU, sayLinkage } from './words.ts'

export type LinkagePageOptions = LabelPageOptions & {
  db: Pool
  vault: Pick<Vault, 'open' | 'index' | 'seal'>
  scoringModel: ModelFile
  canonical: Canonical
}

/** Records that are drawn and opened: more take longer than a page may. */
const DRAWN = 250
/** The figures of a sample change only with the registry: for so long they are kept. */
const KEPT_MS = 60_000
const COUNTED = 20_000
/** The thresholds of the curve, in bits. */
const [FROM, TO, STEP] = [-4, 12, 2]

/** How records become persons, as a page and as JSON. */
export async function linkagePages(app: FastifyInstance, options: LinkagePageOptions): Promise<void> {
  const { db, scoringModel, canonical } = options
  const route = { config: doorTo('linkage'), schema: { hide: true } }
  let kept: { at: number; figures: ReturnType<typeof readSampleFigures> } | undefined
  const readSample = () => {
    const at = performance.now()
    if (kept === undefined || at - kept.at > KEPT_MS) kept = { at, figures: readSampleFigures(options, DRAWN) }
    // What failed is not kept.
    kept.figures.catch(() => {
      kept = undefined
    })
    return kept.figures
  }
  const read = async (actor: string) => {
    const reviewed = await selectReviewedBits(db)
    const curve = thresholdCurve(reviewed, FROM, TO, STEP)
    const sample = await readSample()
    if (sample.records > 0) {
      const shown = { purpose: 'figures', records: sample.records }
      await noteReading(db, { actor, action: 'linkage.read', object: 'sample', shown })
    }
    const labels = await readLabelReport(db)
    const size = await readSize(db)
    const sizes = await selectPersonSizes(db, COUNTED)
    return { reviewed, curve, sample, labels, sizes, size, scoringModel: atSize(scoringModel, size) }
  }

  await labelPages(app, options)
  app.get<{ Querystring: { saved?: string } }>(LINKAGE_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const body = linkageBody(view, { ...(await read(request.caller.client)), trained: scoringModel, canonical })
    const note =
      request.query.saved === 'no-pair'
        ? html`<p class="note" role="status">${sayLinkage(view, 'noPair')}</p>`
        : undefined
    return sendPage(reply, view, LINKAGE_MENU.text[view.language], html`${note}${body}`)
  })

  app.get(`${LINKAGE_MENU.path}.json`, route, async (request, reply) => {
    const { sample, labels, size, scoringModel: judge, ...figures } = await read(request.caller.client)
    const { version, records, thresholds, model } = judge
    const { words: _, rare: __, ...shown } = model
    const linked = [...sample.linked].map(([bits, pairs]) => ({ bits, pairs }))
    return reply.header('content-disposition', 'attachment; filename="linkage.json"').send({
      version,
      records,
      registry_records: size,
      thresholds,
      model: shown,
      ...figures,
      sample: { ...sample, linked },
      labelled: labels ?? null,
    })
  })
}
