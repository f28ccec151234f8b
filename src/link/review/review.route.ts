import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { problems, ref } from '../../io/http/openapi.ts'
import { limitOf, limitSchema } from '../../io/http/paging.ts'
import { answerReview, type DeskDeps, readForSteward } from './decide.db.ts'
import type { Review } from './review.ts'
import { pageReviews } from './review-page.db.ts'
import { REVIEW_ID, ReviewAnswer, ReviewDetail, ReviewPage, ReviewTaken } from './review-shapes.ts'

const PAGE = 50
const MAX_PAGE = 500

/** `GET /v1/reviews`, `GET` and `POST /v1/reviews/{id}`: what the model leaves open, for a steward to decide. */
export async function reviewRoutes(app: FastifyInstance, deps: DeskDeps): Promise<void> {
  const typed = app.withTypeProvider<TypeBoxTypeProvider>()
  const config = { scope: 'steward' } as const

  typed.get('/v1/reviews', { config, schema: LIST }, async ({ query }) => {
    const { state = 'open', after } = query
    const limit = limitOf(query.limit, PAGE, MAX_PAGE)
    const { reviews, next } = await pageReviews(deps.db, {
      state,
      after,
      limit,
    })
    return { reviews: reviews.map(reviewHeadOf), next }
  })

  typed.get('/v1/reviews/:id', { config, schema: READ }, async ({ params, caller }) => {
    const { review, records, fields, score, override } = await readForSteward(deps, params.id, caller.client)
    return {
      ...reviewHeadOf(review),
      reason: review.reason,
      records,
      fields: fields.map(({ field, level, weight }) => ({ field, level, bits: weight })),
      score,
      cap: override,
    }
  })

  typed.post('/v1/reviews/:id', { config, schema: ANSWER }, async ({ params, body, caller }) => ({
    taken: await answerReview(deps, params.id, {
      ...body,
      by: caller.client,
    }),
  }))
}

function reviewHeadOf(review: Review) {
  return {
    id: review.id,
    state: review.state,
    bits: review.weight,
    model: review.model,
    opened_at: review.openedAt.toISOString(),
    put_off_at: review.laterAt?.toISOString() ?? null,
    first_opinion_by: review.opinionBy,
    decision: review.decision,
    decided_by: review.decidedBy,
    decided_at: review.decidedAt?.toISOString() ?? null,
  }
}

const closed = { additionalProperties: false }
const tags = ['reviews']
const params = Type.Object({ id: Type.String({ pattern: REVIEW_ID }) }, closed)

const LIST = {
  operationId: 'listReviews',
  tags,
  summary: 'Doubts whether two source records are one person',
  description: 'Open ones, those put off last; or decided ones, the newest first. Nothing personal is in the list.',
  querystring: Type.Object(
    {
      state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('decided')])),
      after: Type.Optional(
        Type.String({
          pattern: REVIEW_ID,
          description: '`next` of the page before',
        }),
      ),
      limit: Type.Optional(limitSchema(PAGE, MAX_PAGE)),
    },
    closed,
  ),
  response: { 200: ref(ReviewPage), ...problems('bad-request') },
}

const READ = {
  operationId: 'readReview',
  tags,
  summary: 'One doubt with its two records and how they agree',
  description: 'The only place that shows both records. Every reading is written to the audit log.',
  params,
  response: { 200: ref(ReviewDetail), ...problems('bad-request', 'not-found') },
}

const ANSWER = {
  operationId: 'answerReview',
  tags,
  summary: 'Same, different, or later',
  description:
    'What is decided holds for ever, whatever is pushed again. Where four eyes are asked for, it counts when a second steward ' +
    'says the same.',
  params,
  body: ref(ReviewAnswer),
  response: {
    200: ref(ReviewTaken),
    ...problems('bad-request', 'not-found', 'review-closed', 'second-steward', 'person-missing', 'indexes-moving'),
  },
}
