import Type, { type Static } from 'typebox'
import type { Condition } from '../language/rules/rule.ts'

const closed = { additionalProperties: false }

/** One of these words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return Type.Unsafe<T[number]>(Type.Enum([...words]))
}

const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
const Text = Type.String({ minLength: 1, maxLength: 500 })
export const TwoTongues = Type.Object({ id: Text, en: Text }, closed)
export type TwoTongues = Static<typeof TwoTongues>

/** How sure a condition is: published, of one source or of sources that contradict, or assumed by us. */
const MARKS = ['published', 'weak', 'assumption'] as const
export const Mark = oneOf(MARKS)
const Valid = Type.Object({ from: Day, to: Type.Union([Day, Type.Null()]) }, closed)
const CODE = '^[A-Z][A-Z0-9-]{0,39}$'
const Code = Type.String({ pattern: CODE })
const NAME = '^[a-z][a-z0-9_]{0,29}$'
const UNITS = ['individu', 'keluarga'] as const
export type Unit = (typeof UNITS)[number]
const UnitWord = oneOf(UNITS)

const Setting = Type.Object(
  {
    name: Type.String({ pattern: NAME }),
    value: Type.Number(),
    min: Type.Number(),
    max: Type.Number(),
    mark: Mark,
    id: Text,
    en: Text,
  },
  closed,
)
export type ProgrammeSetting = Static<typeof Setting>

const VERDICT_WORDS = ['candidate', 'undecided', 'not-eligible'] as const
const Example = Type.Object(
  {
    name: Text,
    at: Day,
    keluarga: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
    individu: Type.Optional(
      Type.Array(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])), { maxItems: 20 }),
    ),
    verdict: oneOf(VERDICT_WORDS),
    holds: Type.Optional(Type.Array(Code)),
    against: Type.Optional(Type.Array(Code)),
    unknown: Type.Optional(Type.Array(Code)),
    conflicts: Type.Optional(Type.Array(Code)),
  },
  closed,
)
export type ProgrammeExample = Static<typeof Example>

/** One file `programmes/<name>/<version>.yaml` as it is written. */
export const ProgrammeFile = Type.Object(
  {
    title: TwoTongues,
    owner: TwoTongues,
    unit: UnitWord,
    valid: Valid,
    source: Text,
    settings: Type.Optional(Type.Array(Setting, { maxItems: 20 })),
    assumptions: Type.Optional(Type.Array(TwoTongues)),
    undecidable: Type.Optional(Type.Array(TwoTongues)),
    criteria: Type.Array(Type.Object({ code: Code, mark: Mark, id: Text, en: Text, when: Type.Unknown() }, closed), {
      minItems: 1,
      maxItems: 30,
    }),
    examples: Type.Array(Example, { minItems: 1 }),
  },
  closed,
)

/** `programmes/aids.yaml` as it is written. */
export const AidsFile = Type.Object(
  {
    aids: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: NAME }),
          title: TwoTongues,
          memberships: Type.Array(Text, { minItems: 1 }),
          stated: Type.Optional(Type.String()),
        },
        closed,
      ),
    ),
    unanswered: Type.Record(Type.String(), Type.Array(Type.String())),
  },
  closed,
)
export type Aid = Static<typeof AidsFile>['aids'][number]

/** `programmes/overlaps.yaml` as it is written. */
export const OverlapsFile = Type.Object(
  {
    overlaps: Type.Array(
      Type.Object(
        {
          code: Code,
          held: Type.String(),
          component: Type.Optional(Type.Object({ id: Text, en: Text, when: Type.Unknown() }, closed)),
          blocks: Type.String(),
          unit: UnitWord,
          regions: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9]{2,10}$' }), { minItems: 1 })),
          valid: Valid,
          mark: Mark,
          source: Text,
          id: Text,
          en: Text,
        },
        closed,
      ),
    ),
  },
  closed,
)

/** A condition that must hold, with the texts that tell of it. */
export type Criterion = { code: string; mark: Static<typeof Mark>; id: string; en: string; condition: Condition }

/** A programme while its dates last; its conditions are checked, and their settings still to be filled in. */
export type Programme = Omit<
  Static<typeof ProgrammeFile>,
  'settings' | 'assumptions' | 'undecidable' | 'criteria' | 'examples'
> & {
  name: string
  version: string
  settings: readonly ProgrammeSetting[]
  assumptions: readonly TwoTongues[]
  undecidable: readonly TwoTongues[]
  criteria: readonly Criterion[]
  /** The conditions as they were written, by code: what a what-if changes. */
  written: ReadonlyMap<string, unknown>
  examples: readonly ProgrammeExample[]
}

/** A row of the table of overlaps: an aid that is held, or a part of it, blocks a programme. */
export type Overlap = Omit<Static<typeof OverlapsFile>['overlaps'][number], 'component'> & {
  component?: TwoTongues
  /** Whether the aid is held; and whether the component is, where there is one. */
  holding: Condition
  part?: Condition
}

/** Verdicts on one subject: nobody is decided on, a candidate is somebody to look at. */
export type Eligibility = (typeof VERDICT_WORDS)[number]
