import Type from 'typebox'
import { FREE_TEXT } from '../../domain/free-text.ts'
import { ref } from '../../io/http/openapi.ts'
import { OverrideShape } from '../score/override-shape.ts'

const closed = { additionalProperties: false }
const Instant = Type.String({ format: 'date-time' })
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Opinion = Type.Union([Type.Literal('same'), Type.Literal('different')])

export const REVIEW_ID = '^rev_[0-9a-z]{26}$'

const HEAD = {
  id: Type.String({ examples: ['rev_01kaj3q8z4t0c6v9w2x5y7b1nd'] }),
  state: Type.Union([Type.Literal('open'), Type.Literal('decided')]),
  bits: Type.Number({
    description: 'Evidence for one person when it was asked, in bits: above 0 one is likelier than two',
  }),
  model: Type.String({
    description: 'The model that the evidence was weighed by',
  }),
  opened_at: Instant,
  put_off_at: nullable(Instant),
  first_opinion_by: nullable(
    Type.String({
      description: 'Who gave the first of two opinions; what it was shows when the second is given',
    }),
  ),
  decision: nullable(Opinion),
  decided_by: nullable(Type.String()),
  decided_at: nullable(Instant),
}

const ReviewItem = Type.Object(HEAD, {
  $id: 'ReviewItem',
  ...closed,
  description: 'A doubt whether two source records are one person, without anything about that person',
})

export const ReviewPage = Type.Object(
  {
    reviews: Type.Array(ref(ReviewItem)),
    next: nullable(
      Type.String({
        description: 'Give it as `after` for the next page; null at the end',
      }),
    ),
  },
  { $id: 'ReviewPage', ...closed },
)

const ShownRecord = Type.Object(
  {
    platform: Type.String(),
    dataset: Type.String(),
    person: Type.String({
      description: 'The person that the record belongs to now',
    }),
    record: Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'The canonical record, with personal data',
      },
    ),
  },
  closed,
)

export const ReviewDetail = Type.Object(
  {
    ...HEAD,
    reason: nullable(Type.String()),
    records: Type.Array(nullable(ShownRecord), {
      minItems: 2,
      maxItems: 2,
      description: 'The two records; null for one that was erased meanwhile',
    }),
    fields: Type.Array(
      Type.Object(
        {
          field: Type.String({ examples: ['name'] }),
          level: Type.String({
            description: 'How the field agrees',
            examples: ['close'],
          }),
          bits: Type.Number({
            description: 'What that says for (above 0) or against one person',
          }),
        },
        closed,
      ),
    ),
    score: nullable(
      Type.Number({
        description: 'Evidence by the present records and model, prior included; null without both records',
      }),
    ),
    cap: OverrideShape,
  },
  { $id: 'ReviewDetail', ...closed },
)

export const ReviewAnswer = Type.Object(
  {
    decision: Type.Union([Type.Literal('same'), Type.Literal('different'), Type.Literal('later')]),
    reason: Type.String({
      minLength: 3,
      maxLength: 500,
      pattern: FREE_TEXT,
      description: 'Why; it is kept sealed',
    }),
  },
  { $id: 'ReviewAnswer', ...closed },
)

export const ReviewTaken = Type.Object(
  {
    taken: Type.Union([Type.Literal('decided'), Type.Literal('noted'), Type.Literal('later')], {
      description: '`noted`: the first of two opinions, a second steward has to agree',
    }),
  },
  { $id: 'ReviewTaken', ...closed },
)

export const REVIEW_SHAPES = [ReviewItem, ReviewPage, ReviewDetail, ReviewAnswer, ReviewTaken]
