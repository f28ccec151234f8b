import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import { COMPARISONS, EXTRA_LEVELS } from '../compare/compare.ts'
import type { Model } from './model.ts'

const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 })
const closed = { additionalProperties: false }
const levels = { m: Type.Array(Share), u: Type.Array(Share) }

/** The file that `titian link train` writes: people can read and compare it. */
const ModelFile = Type.Object(
  {
    format: Type.Literal(1),
    version: Type.String({ minLength: 1, description: 'names the model in every decision made by it' }),
    records: Type.Integer({ minimum: 2, description: 'how many records it was trained on' }),
    thresholds: Type.Object(
      {
        same: Type.Number({ description: 'bits from which two records are one person' }),
        unsure: Type.Number({ description: 'bits from which a steward is asked' }),
        apart: Type.Number({ description: 'bits at or under which two records keep two groups from being one person' }),
      },
      closed,
    ),
    model: Type.Object(
      {
        prior: Share,
        fields: Type.Record(
          Type.String(),
          Type.Object(
            {
              ...levels,
              given: Type.Optional(
                Type.Object(
                  { extra: Type.String(), apart: Type.Object(levels, closed), agrees: Type.Object(levels, closed) },
                  closed,
                ),
              ),
            },
            closed,
          ),
        ),
        extras: Type.Array(Type.String()),
        keys: Type.Array(Type.String()),
        namedKeys: Type.Optional(Type.Array(Type.String())),
        words: Type.Record(Type.String(), Share),
        rare: Share,
      },
      closed,
    ),
  },
  closed,
)
export type ModelFile = Static<typeof ModelFile>
export type Thresholds = ModelFile['thresholds']

/** A match weight of 6 bits is odds of 64 to 1 for one person, one of -4 is 16 to 1 against. */
const THRESHOLDS: Thresholds = { same: 6, unsure: 0, apart: -4 }

const DIGITS = 4

/** The text of a model file; probabilities keep four significant digits, so that a retraining shows what really changed. */
export function writeModel(version: string, records: number, model: Model): string {
  const file: ModelFile = { format: 1, version, records, thresholds: THRESHOLDS, model }
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value)
  return `${JSON.stringify(file, (key, value) => (key === 'records' ? value : rounded(key, value)), 1)}\n`
}

/** Reads a model file; throws `registry-invalid` when it is none, or does not fit the comparisons of this version. */
export function readModel(text: string): ModelFile {
  const file = parse(text)
  if (!Value.Check(ModelFile, file))
    throw new TitianError('registry-invalid', 'this is no model file of `titian link train`')
  for (const [field, { m, u }] of Object.entries(file.model.fields)) {
    const levels = field in COMPARISONS ? COMPARISONS[field as keyof typeof COMPARISONS].length : EXTRA_LEVELS.length
    if (m.length !== levels || u.length !== levels) {
      throw new TitianError('registry-invalid', `the model knows other levels of ${field}: run titian link train again`)
    }
  }
  return file
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
