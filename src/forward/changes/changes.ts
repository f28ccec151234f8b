import Type, { type Static } from 'typebox'
import { CHANGE_KINDS, type ChangeKind } from '../../domain/change.ts'

const closed = { additionalProperties: false }
const Subject = Type.String({ pattern: '^(per|fam)_[0-9a-hjkmnp-tv-z]{26}$' })

export const ChangesQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^(0|[0-9a-f]{12}-[1-9][0-9]{0,17}\\.[1-9][0-9]{0,8})$',
        description: 'the `next` of the page before, as it is; 0 for the first',
      }),
    ),
    limit: Type.Optional(
      Type.String({ pattern: '^(1000|[1-9][0-9]{0,2})$', description: '1 to 1000; 100 if not given' }),
    ),
  },
  closed,
)

/** One change of a subject as the feed tells it. */
const ToldChange = Type.Object(
  {
    position: Type.String({ description: 'place in the feed: that of the delivery, and the number within it' }),
    delivery: Type.String({ description: 'the delivery whose line tells more' }),
    subject: Subject,
    level: Type.Union([Type.Literal('keluarga'), Type.Literal('individu')]),
    kind: Type.Unsafe<ChangeKind>(
      Type.String({
        enum: [...CHANGE_KINDS],
        description:
          '`golden`: a record of the subject. `stub`: a family that is only named so far. `merged`: the id ended, the subject lives on ' +
          'as `into`. `withdrawn`: no record stands any more. `restricted`: a person’s data is not used until a `golden` comes. `split`: it left `left`. `moved`: another family or region than before.',
      }),
    ),
    version: Type.Integer({ minimum: 1, description: 'the version of the subject that the change made' }),
    into: Type.Optional(Subject),
    left: Type.Optional(Subject),
    moved: Type.Optional(Type.Array(Type.Union([Type.Literal('family'), Type.Literal('region')]))),
    family: Type.Optional(Type.String({ description: 'of one that moved to another family: the one before' })),
  },
  closed,
)

/** One page of the feed of changes. */
export const Changes = Type.Object(
  {
    changes: Type.Array(ToldChange),
    next: Type.String({ description: 'the `after` of the next page; at the end of the feed, of the next poll' }),
  },
  closed,
)
export type Changes = Static<typeof Changes>

/** A change that was read: the epoch of the feed, the position of its delivery, its number within that, from 1. */
export type ChangeCursor = { epoch: string; position: string; number: number }

/** Reads a cursor; '0' is before the first change. */
export function parseChangeCursor(text: string): ChangeCursor {
  const [place = '0', epoch = ''] = text.split('-').reverse()
  const [position = '0', number = '0'] = place.split('.')
  return { epoch, position, number: Number(number) }
}

export function formatChangeCursor({ epoch, position, number }: ChangeCursor): string {
  return `${epoch}-${position}.${number}`
}
