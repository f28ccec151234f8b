import type { FastifyInstance, FastifyRequest } from 'fastify'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { FamilyId } from '../../../domain/ids.ts'
import type { Platform } from '../../../domain/platform.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { answerReview, type DeskDeps, readForSteward } from '../../../link/review/decide.db.ts'
import { personsOf } from '../../../link/review/desk.db.ts'
import { needsTwo } from '../../../link/review/four-eyes.ts'
import { type KnownFamilyDeps, readKnownFamily } from '../../../link/review/known-family.db.ts'
import type { KnownFamily } from '../../../link/review/known-family.ts'
import { reverseForSteward } from '../../../link/review/reverse.db.ts'
import { ReviewAnswer } from '../../../link/review/review-shapes.ts'
import { listReviews } from '../../../link/review/work-list.db.ts'
import { priorBits } from '../../../link/score/model.ts'
import { readSubjectsById } from '../../../link/subjects/subjects.sql.ts'
import { readAuditOf } from '../../../trust/audit/audit.sql.ts'
import { html } from '../../../web/html.ts'
import { pathTo } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { doorTo } from '../../rights.ts'
import { reviewListBody } from './review-list.ts'
import { reviewBody } from './review-page.ts'
import { savedNote } from './saved-note.ts'
import { REVIEW_MENU, sayReview } from './words.ts'
import { filterOf, workQueryOf } from './work-query.ts'

export type ReviewPageOptions = DeskDeps &
  KnownFamilyDeps & {
    canonical: Canonical
    registry: { platforms: ReadonlyMap<string, Platform> }
    clock(): Date
  }

const PAGE = 50
const PATH = '/console/reviews'

type Asked = { Params: { id: string }; Querystring: Record<string, string> }

/** The review desk for people: the list, one possible match with its two records, and the forms that decide it. */
export async function reviewPages(app: FastifyInstance, options: ReviewPageOptions): Promise<void> {
  const route = { config: doorTo('reviews'), schema: { hide: true } } as const
  const { scoringModel, canonical, fourEyesFrom, db, registry, clock } = options
  const platforms = [...registry.platforms.keys()].sort()
  const filterFor = ({ query, caller }: FastifyRequest<Asked>) => filterOf(workQueryOf(query), caller.client, clock())

  app.get<Asked>(PATH, route, async (request, reply) => {
    const view = viewOf(request)
    const query = workQueryOf(request.query)
    const state = request.query.state === 'decided' ? 'decided' : 'open'
    const place = { after: request.query.after, limit: PAGE, by: request.caller.client }
    const found = await listReviews(options, state, filterFor(request), place)
    const body = reviewListBody(view, { state, query, ...found, platforms, canonical })
    return sendPage(reply, view, REVIEW_MENU.text[view.language], html`${savedNote(view, request.query)}${body}`)
  })

  app.get<Asked>(`${PATH}/:id`, route, async (request, reply) => {
    const view = viewOf(request)
    const { id } = request.params
    const by = request.caller.client
    const shown = await readForSteward(options, id, by)
    const persons = [...new Set(shown.records.flatMap((record) => record?.person ?? []))]
    const families: KnownFamily[] = []
    for (const family of await familiesOf(db, persons)) families.push(await readKnownFamily(options, family, by))
    const history = await readAuditOf(db, 'review', id)
    const prior = priorBits(scoringModel.model)
    const query = workQueryOf(request.query)
    const [some, others] = await personsOf(db, shown.review)
    const size = some.length + others.length
    const fourEyes = needsTwo(fourEyesFrom, { decision: 'same', records: size })
    const body = reviewBody(view, { ...shown, canonical, prior, fourEyes, history, families, query })
    return sendPage(reply, view, sayReview(view, 'reviewTitle'), html`${savedNote(view, request.query)}${body}`)
  })

  app.post<Asked>(`${PATH}/:id`, route, async (request, reply) => {
    const view = viewOf(request)
    const { id } = request.params
    const { answer, wantsNext } = answerOf(request.body)
    const query = workQueryOf(request.query)
    // Looked up before the answer, which may put this one at the end of the list.
    const place = { after: id, limit: 1, by: request.caller.client }
    const next = wantsNext ? (await listReviews(options, 'open', filterFor(request), place)).reviews[0] : undefined
    const taken = await answerReview(options, id, { ...answer, by: request.caller.client })
    const saved = taken === 'noted' ? taken : answer.decision
    if (next === undefined) return reply.redirect(pathTo(view, PATH, { ...query, saved }), 303)
    return reply.redirect(pathTo(view, `${PATH}/${next.review.id}`, { ...query, was: id, saved }), 303)
  })

  app.post<Asked>(`${PATH}/:id/reverse`, route, async (request, reply) => {
    const { id } = request.params
    const asked = { decision: 'same', ...(request.body as object) }
    if (!Value.Check(ReviewAnswer, asked)) throw new TitianError('bad-request')
    const saved = await reverseForSteward(options, id, { by: request.caller.client, reason: asked.reason })
    return reply.redirect(pathTo(viewOf(request), `${PATH}/${id}`, { saved }), 303)
  })
}

/** What a form answers, and whether the next possible match is wanted then. Throws `bad-request`. */
function answerOf(body: unknown) {
  const { go, ...answer } = (body ?? {}) as Record<string, unknown>
  if (!Value.Check(ReviewAnswer, answer)) throw new TitianError('bad-request')
  return { answer, wantsNext: go === 'next' }
}

async function familiesOf(db: ReviewPageOptions['db'], persons: Parameters<typeof readSubjectsById>[1]) {
  const families = (await readSubjectsById(db, persons)).flatMap(({ family }): FamilyId[] => (family ? [family] : []))
  return new Set(families)
}
