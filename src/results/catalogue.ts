import Type, { type Static } from 'typebox'
import type { ResultStatus } from '../domain/results/result.ts'

/** Where a reason may stand: as that of a status, of a correction, or of what must be mended. */
const PLACES = ['dead', 'moved', 'not-found', 'excluded', 'correction', 'mend'] as const
export type ReasonPlace = Exclude<ResultStatus, 'active'> | 'correction' | 'mend'

const Text = Type.String({ minLength: 1, maxLength: 300 })
const closed = { additionalProperties: false }

/** `registry/results/reasons.yaml`. */
export const ReasonsFile = Type.Object(
  {
    reasons: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
      Type.Object({ of: Type.Array(Type.Enum([...PLACES]), { minItems: 1 }), id: Text, en: Text }, closed),
    ),
  },
  closed,
)

/** `registry/results/programmes.yaml`. */
export const ProgrammesFile = Type.Object(
  {
    programmes: Type.Record(
      Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
      Type.Object({ id: Text, en: Text }, closed),
    ),
  },
  closed,
)

type Texts = { id: string; en: string }

/** The reasons and programmes that a result may name, by code, with what people read. */
export type ResultCatalogue = {
  reasons: ReadonlyMap<string, Texts & { of: readonly ReasonPlace[] }>
  programmes: ReadonlyMap<string, Texts>
}

/** The catalogue of two files that fit their shapes. */
export function resultCatalogue(
  reasons: Static<typeof ReasonsFile> | undefined,
  programmes: Static<typeof ProgrammesFile> | undefined,
): ResultCatalogue {
  return {
    reasons: new Map(Object.entries(reasons?.reasons ?? {})),
    programmes: new Map(Object.entries(programmes?.programmes ?? {})),
  }
}
