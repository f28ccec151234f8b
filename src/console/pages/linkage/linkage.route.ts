import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import type { Canonical } from '../../../language/canonical.ts'
import type { ModelFile } from '../../../link/score/model-file.ts'
import { readSampleFigures } from '../../../link/train/sample.db.ts'
import { selectPersonSizes, selectReviewedBits } from '../../../reports/linkage/linkage.sql.ts'
import { thresholdCurve } from '../../../reports/linkage/threshold-curve.ts'
import { noteReading } from '../../../trust/audit/reading.db.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { linkageBody } from './linkage-page.ts'
import { LINKAGE_MENU } from './words.ts'

export type LinkagePageOptions = {
  db: Pool
  vault: Pick<Vault, 'open'>
  scoringModel: ModelFile
  canonical: Canonical
}

/** Records that are drawn and opened for one page. */
const DRAWN = 1000
const COUNTED = 20_000
/** The thresholds of the curve, in bits. */
const [FROM, TO, STEP] = [-4, 12, 2]

/** How records become persons, as a page and as JSON. */
export async function linkagePages(app: FastifyInstance, options: LinkagePageOptions): Promise<void> {
  const { db, scoringModel, canonical } = options
  const route = { config: { scope: [...LINKAGE_MENU.scopes], basic: true }, schema: { hide: true } }
  const read = async (actor: string) => {
    const reviewed = await selectReviewedBits(db)
    const curve = thresholdCurve(reviewed, FROM, TO, STEP)
    const sample = await readSampleFigures(options, DRAWN)
    if (sample.records > 0) {
      const shown = { purpose: 'figures', records: sample.records }
      await noteReading(db, { actor, action: 'linkage.read', object: 'sample', shown })
    }
    return { reviewed, curve, sample, sizes: await selectPersonSizes(db, COUNTED) }
  }

  app.get(LINKAGE_MENU.path, route, async (request, reply) => {
    const view = viewOf(request)
    const body = linkageBody(view, { ...(await read(request.caller.client)), scoringModel, canonical })
    return sendPage(reply, view, LINKAGE_MENU.text[view.language], body)
  })

  app.get(`${LINKAGE_MENU.path}.json`, route, async (request, reply) => {
    const { sample, ...figures } = await read(request.caller.client)
    const { version, records, thresholds, model } = scoringModel
    const { words: _, rare: __, ...shown } = model
    const linked = [...sample.linked].map(([bits, pairs]) => ({ bits, pairs }))
    return reply
      .header('content-disposition', 'attachment; filename="linkage.json"')
      .send({ version, records, thresholds, model: shown, ...figures, sample: { ...sample, linked } })
  })
}
