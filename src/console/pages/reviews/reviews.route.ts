import type { FastifyInstance } from 'fastify'
import Value from 'typebox/value'
import { TitianError } from '../../../domain/error.ts'
import type { Canonical } from '../../../language/canonical.ts'
import { answerReview, type DeskDeps, readForSteward, type Taken } from '../../../link/review/decide.db.ts'
import { pageReviews } from '../../../link/review/review-page.db.ts'
import { ReviewAnswer } from '../../../link/review/review-shapes.ts'
import { priorBits } from '../../../link/score/model.ts'
import { readAuditOf } from '../../../trust/audit/audit.sql.ts'
import { html } from '../../../web/html.ts'
import { pathTo } from '../../../web/page.ts'
import { sendPage } from '../../../web/view.http.ts'
import { viewOf } from '../../console-view.http.ts'
import { reviewListBody } from './review-list.ts'
import { reviewBody } from './review-page.ts'
import { REVIEW_MENU, type ReviewWord, sayReview } from './words.ts'

export type ReviewPageOptions = DeskDeps & { canonical: Canonical }

const PAGE = 50
const SAVED: Readonly<Record<string, ReviewWord>> = {
  same: 'savedSame',
  different: 'savedDifferent',
  later: 'savedLater',
  noted: 'savedFirst',
}

/** The review desk for people: the list, one possible match with its two records, and the form that decides it. */
export async function reviewPages(app: FastifyInstance, options: ReviewPageOptions): Promise<void> {
  const route = {
    config: { scope: 'steward', basic: true },
    schema: { hide: true },
  } as const

  app.get<{ Querystring: { state?: string; after?: string; saved?: string } }>(
    '/console/reviews',
    route,
    async (request, reply) => {
      const view = viewOf(request)
      const { saved, after } = request.query
      const state = request.query.state === 'decided' ? 'decided' : 'open'
      const page = await pageReviews(options.db, { state, after, limit: PAGE })
      const word = saved !== undefined && Object.hasOwn(SAVED, saved) ? SAVED[saved] : undefined
      const note =
        word === undefined ? undefined : html`<p class="note good" role="status">${sayReview(view, word)}</p>`
      return sendPage(reply, view, REVIEW_MENU.text[view.language], html`${note}${reviewListBody(view, state, page)}`)
    },
  )

  app.get<{ Params: { id: string } }>('/console/reviews/:id', route, async (request, reply) => {
    const view = viewOf(request)
    const { id } = request.params
    const { scoringModel, canonical, fourEyes, db } = options
    const shown = await readForSteward(options, id, request.caller.client)
    const history = await readAuditOf(db, 'review', id)
    const body = reviewBody(view, {
      ...shown,
      canonical,
      prior: priorBits(scoringModel.model),
      fourEyes,
      history,
    })
    return sendPage(reply, view, sayReview(view, 'reviewTitle'), body)
  })

  app.post<{ Params: { id: string } }>('/console/reviews/:id', route, async (request, reply) => {
    const view = viewOf(request)
    if (!Value.Check(ReviewAnswer, request.body)) throw new TitianError('bad-request')
    const answer = {
      decision: request.body.decision,
      reason: request.body.reason,
      by: request.caller.client,
    }
    const taken: Taken = await answerReview(options, request.params.id, answer)
    const saved = taken === 'noted' ? taken : answer.decision
    return reply.redirect(pathTo(view, '/console/reviews', { saved }), 303)
  })
}
