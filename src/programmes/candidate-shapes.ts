import Type, { type Static } from 'typebox'
import { ref } from '../io/http/openapi.ts'
import { oneOf } from './programme.ts'
import { Bilingual, CandidateList } from './shapes.ts'

const closed = { additionalProperties: false }
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })
const word = <const T extends readonly string[]>(...words: T) => oneOf(words)

const Field = Type.Object(
  {
    field: Type.String({ examples: ['individu.tanggal_lahir'] }),
    origin: nullable(
      Type.Union([
        Type.Object(
          {
            source: Type.Literal('records'),
            platform: Type.String(),
            dataset: Type.String(),
            as_of: nullable(Type.String()),
            inferred: Type.Boolean(),
          },
          closed,
        ),
        Type.Object(
          {
            source: Type.Literal('results'),
            version: Type.String(),
            as_of: Type.String(),
            period: nullable(Type.String()),
          },
          closed,
        ),
        Type.Object({ source: Type.Literal('derived') }, closed),
      ]),
    ),
    value: Type.Optional(
      Type.Union([Type.String(), Type.Number()], {
        description: "Only with the scope records:read, and only one's own value or an answer of BPS",
      }),
    ),
  },
  closed,
)
const Reason = Type.Object(
  {
    code: Type.String(),
    mark: Type.String(),
    text: Type.String(),
    fields: Type.Array(Field),
    missing: Type.Array(Type.String()),
  },
  closed,
)

const REASONS = {
  holds: Type.Array(Reason),
  against: Type.Array(Reason),
  unknown: Type.Array(Reason),
  cautions: Type.Array(Type.Object({ code: Type.String(), text: Type.String() }, closed)),
  conflicts: Type.Array(
    Type.Object(
      {
        code: Type.String(),
        text: Type.String(),
        aid: Type.String(),
        component: nullable(Type.String()),
        certain: Type.Boolean(),
        mark: Type.String(),
        fields: Type.Array(Field),
      },
      closed,
    ),
    {
      description: 'Aids that are held already and that the table of overlaps puts against this one. Nobody is dropped',
    },
  ),
  unchecked: Type.Array(Type.String(), { description: 'Overlaps of which nobody said whether the aid is held' }),
}
const WHO = {
  subject: Type.String(),
  keys: Type.Array(
    Type.Object({ dataset: Type.String(), level: word('keluarga', 'individu'), key: Type.String() }, closed),
    { description: "The platform's own keys" },
  ),
  place: nullable(Type.String({ description: 'BPS code of where it lives, as deep as is known' })),
}
const NOW = word('candidate', 'undecided', 'not-eligible', 'elsewhere')

const Candidate = Type.Object(
  {
    ...WHO,
    verdict: nullable(word('candidate', 'undecided')),
    now: Type.Unsafe<Static<typeof NOW>>({ ...NOW, description: 'The verdict by what is known at this moment' }),
    since_last_list: nullable(word('added', 'stayed', 'gone')),
    ...REASONS,
  },
  { $id: 'Candidate', ...closed },
)
export type CandidateRow = Static<typeof Candidate>

export const CandidatePage = Type.Object(
  { list: ref(CandidateList), candidates: Type.Array(ref(Candidate)), next: nullable(Type.String()) },
  { $id: 'CandidatePage', ...closed },
)

const Side = Type.Object(REASONS, closed)
const Change = Type.Object(
  {
    ...WHO,
    before: word('candidate', 'undecided', 'not-eligible'),
    after: word('candidate', 'undecided', 'not-eligible'),
    reasons: Type.Unsafe<Static<typeof Side>>({ ...Side, description: 'By the changed rule' }),
  },
  closed,
)

export const WhatIfPage = Type.Object(
  {
    notice: ref(Bilingual),
    programme: Type.String(),
    version: Type.String(),
    day: Type.String(),
    residents: Type.Integer({ description: 'Residents that this page looked at', minimum: 0 }),
    counts: Type.Object(
      {
        before: Count,
        after: Count,
        comes_in: Count,
        drops_out: Count,
        undecided_before: Count,
        undecided_after: Count,
      },
      closed,
    ),
    comes_in: Type.Array(Change),
    drops_out: Type.Array(Change),
    next: nullable(Type.String({ description: 'Send it as `after` for the next page; sum the counts' })),
  },
  { $id: 'WhatIfPage', ...closed },
)

export const CANDIDATE_SHAPES = [Candidate, CandidatePage, WhatIfPage]
