import Type from 'typebox'
import { ref } from '../io/http/openapi.ts'
import { REGION } from './facts/place.ts'
import { Mark, oneOf, TwoTongues } from './programme.ts'

const closed = { additionalProperties: false }
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Count = Type.Integer({ minimum: 0 })
const word = <const T extends readonly string[]>(...words: T) => oneOf(words)

export const Bilingual = Type.Object({ ...TwoTongues.properties }, { $id: 'Bilingual', ...closed })

const Setting = Type.Object(
  {
    name: Type.String(),
    value: Type.Number(),
    min: Type.Number(),
    max: Type.Number(),
    mark: Mark,
    title: ref(Bilingual),
  },
  closed,
)

export const ProgrammeView = Type.Object(
  {
    name: Type.String({ examples: ['kjp'] }),
    version: Type.String({ examples: ['2025'] }),
    title: ref(Bilingual),
    owner: ref(Bilingual),
    unit: word('individu', 'keluarga'),
    valid: Type.Object({ from: Type.String(), to: nullable(Type.String()) }, closed),
    in_force: Type.Boolean(),
    source: Type.String(),
    settings: Type.Array(Setting),
    assumptions: Type.Array(ref(Bilingual)),
    undecidable: Type.Array(ref(Bilingual), { description: 'Conditions that a human has to look at' }),
    criteria: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          mark: Mark,
          title: ref(Bilingual),
          when: Type.Unknown({ description: 'The condition as it is written; what a what-if may replace' }),
        },
        closed,
      ),
    ),
    overlaps: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          aid: Type.String(),
          component: nullable(ref(Bilingual)),
          unit: word('individu', 'keluarga'),
          regions: nullable(Type.Array(Type.String())),
          mark: Mark,
          title: ref(Bilingual),
          source: Type.String(),
        },
        closed,
      ),
      { description: 'Aids that are shown as a conflict where they are held already' },
    ),
  },
  { $id: 'Programme', ...closed },
)

export const ProgrammePage = Type.Object(
  { programmes: Type.Array(ref(ProgrammeView)) },
  { $id: 'ProgrammePage', ...closed },
)

const Village = {
  village: Type.String({ description: 'BPS code; empty where the village is not known' }),
  residents: Count,
  candidates: Count,
  undecided: Count,
}

export const CandidateList = Type.Object(
  {
    id: Type.String({ examples: ['lst_01jc'] }),
    notice: ref(Bilingual),
    programme: Type.String(),
    version: Type.String(),
    unit: word('individu', 'keluarga'),
    region: Type.String({ description: 'BPS code; empty: the whole scope of the platform' }),
    day: Type.String({ description: 'The day for which ages and memberships were reckoned' }),
    made_at: Type.String(),
    previous: nullable(
      Type.Object(
        {
          id: Type.String(),
          day: Type.String(),
          rule_changed: Type.Boolean({ description: 'The list before was made by other conditions' }),
        },
        closed,
      ),
    ),
    counts: Type.Object(
      {
        residents: Count,
        candidates: Count,
        undecided: Count,
        not_eligible: Count,
        elsewhere: Type.Integer({ description: 'Subjects of the platform that live outside the region', minimum: 0 }),
        added: nullable(Type.Integer({ description: 'Candidates that were none on the list before', minimum: 0 })),
        gone: nullable(Type.Integer({ description: 'Candidates of the list before that are none now', minimum: 0 })),
        held_entries: Type.Integer({
          description: 'Entries of the platform that are held: people of whom nothing may be known yet',
          minimum: 0,
        }),
      },
      closed,
    ),
    deciles: Type.Array(
      Type.Object(
        {
          source: word('results', 'records'),
          version: nullable(Type.String({ description: 'Version of the DTSEN' })),
          period: nullable(Type.String()),
          as_of: nullable(Type.String()),
          residents: Count,
        },
        closed,
      ),
      { description: 'Which deciles were used, and for how many residents' },
    ),
    odd_villages: Type.Array(Type.Object({ ...Village, looks: word('none', 'nearly-all') }, closed), {
      description: 'Villages to look at: without any candidate, or nearly all of them; 200 at most',
    }),
    odd_villages_more: Count,
    assumptions: Type.Array(ref(Bilingual)),
    undecidable: Type.Array(ref(Bilingual)),
  },
  { $id: 'CandidateList', ...closed },
)

export const CandidateListVillages = Type.Object(
  { list: ref(CandidateList), villages: Type.Array(Type.Object(Village, closed)) },
  { $id: 'CandidateListVillages', ...closed },
)

export const WhatIf = Type.Object(
  {
    region: Type.Optional(Type.String({ pattern: REGION })),
    settings: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,29}$' }), Type.Number(), {
        maxProperties: 20,
        ...closed,
      }),
    ),
    criteria: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9-]{0,39}$' }), Type.Unknown(), {
        maxProperties: 30,
        ...closed,
        description: 'Conditions by code: replaced, added where the code is new, or taken away by null',
      }),
    ),
    after: Type.Optional(
      Type.String({ pattern: '^(fam|per)_[0-9a-z]{0,26}$', description: '`next` of the page before' }),
    ),
  },
  { $id: 'WhatIf', ...closed },
)

export const PROGRAMME_SHAPES = [Bilingual, ProgrammeView, ProgrammePage, CandidateList, CandidateListVillages, WhatIf]
