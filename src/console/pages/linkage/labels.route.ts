import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { type DrawDeps, drawRound } from '../../../link/train/labels/draw.db.ts'
import { labelPair, readPairForSteward } from '../../../link/train/labels/label.db.ts'
import { nextPair, selectRound } from '../../../link/train/labels/label.sql.ts'
import { LABELS } from '../../../link/train/labels/label.ts'
import type { Vault } from '../../../trust/keys/vault.ts'
import { pathTo } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { labelBody } from './label-page.ts'
import { LABELS_PATH, sayLinkage } from './words.ts'

export type LabelPageOptions = Omit<DrawDeps, 'vault'> & {
  vault: Pick<Vault, 'open' | 'index' | 'seal'>
  canonical: Canonical
}

const LONG_MILLISECONDS = 120_000
const Answer = Type.Object(
  { label: Type.Enum([...LABELS]), reason: Type.Optional(Type.String({ maxLength: 500 })) },
  { additionalProperties: false },
)

type Place = { Params: { round: string; place: string } }

/** The labelled sample: a steward draws pairs and labels them one after the other, without seeing what the model says. */
export async function labelPages(app: FastifyInstance, options: LabelPageOptions): Promise<void> {
  const { db, canonical } = options
  const route = { config: doorTo('linkage'), schema: { hide: true } }
  const back = '/console/linkage'

  app.post(LABELS_PATH, { ...route, handlerTimeout: LONG_MILLISECONDS }, async (request, reply) => {
    const round = await drawRound(options, request.caller.client)
    return reply.redirect(pathTo(viewOf(request), back, round === undefined ? { saved: 'no-pair' } : {}), 303)
  })

  app.get<{ Querystring: { after?: string } }>(`${LABELS_PATH}/next`, route, async (request, reply) => {
    const round = await selectRound(db)
    const after = Number(request.query.after ?? 0)
    const next = round && (await nextPair(db, round.id, Number.isSafeInteger(after) ? after : 0))
    const path = next === undefined ? back : `${LABELS_PATH}/${next.round}/${next.place}`
    return reply.redirect(pathTo(viewOf(request), path), 303)
  })

  app.get<Place>(`${LABELS_PATH}/:round/:place`, route, async (request, reply) => {
    const view = viewOf(request)
    const { round, place } = placeOf(request.params)
    const pair = await readPairForSteward(options, round, place, request.caller.client)
    return sendPage(reply, view, `${sayLinkage(view, 'labelTitle')} ${place}`, labelBody(view, pair, canonical))
  })

  app.post<Place>(`${LABELS_PATH}/:round/:place`, route, async (request, reply) => {
    const { round, place } = placeOf(request.params)
    if (!Value.Check(Answer, request.body)) throw new TitianError('bad-request')
    const { label, reason = '' } = request.body
    const why = reason.trim() === '' ? undefined : reason
    await labelPair(options, { round, place }, { label, by: request.caller.client, reason: why })
    return reply.redirect(pathTo(viewOf(request), `${LABELS_PATH}/next`, { after: String(place) }), 303)
  })
}

function placeOf({ round, place }: Place['Params']): { round: string; place: number } {
  if (!/^lbl_[0-9a-z]{26}$/.test(round) || !/^[1-9]\d{0,5}$/.test(place)) throw new TitianError('not-found')
  return { round, place: Number(place) }
}
