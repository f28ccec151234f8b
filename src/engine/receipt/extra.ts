import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { SourceFormat } from '../../domain/dataset.ts'
import { OUTCOMES, type Outcome } from '../../domain/states.ts'

const closed = { additionalProperties: false }
const Base64 = Type.String({ pattern: '^[A-Za-z0-9+/]+={0,2}$', maxLength: 64 })
const Format = Type.Union([
  Type.Object({ kind: Type.Literal('ndjson') }, closed),
  Type.Object(
    {
      kind: Type.Literal('csv'),
      delimiter: Type.String({ minLength: 1, maxLength: 1 }),
      columns: Type.Array(Type.String()),
      encodings: Type.Array(Type.Union([Type.Literal('utf-8'), Type.Literal('windows-1252')])),
    },
    closed,
  ),
])
const Common = {
  receipt: Type.Literal(1),
  batch: Type.String({ pattern: '^bat_[0-9a-z]{26}$' }),
  /** How the file was cut into entries; without it by its first sign, as NDJSON or a JSON array. */
  format: Type.Optional(Format),
}

/** What a receipt of a whole batch says beside its proof: all that is needed to make the leaves of one's own file again. */
const WholeExtra = Type.Object({ ...Common, secret: Base64, outcomes: Type.String({ pattern: '^[nusrhx]+$' }) }, closed)
/** What the receipt of one record says beside its proof; `unread` when its text was no record, so that no bytes are bound. */
const RecordExtra = Type.Object(
  {
    ...Common,
    line: Type.Integer({ minimum: 1 }),
    outcome: Type.Unsafe<Outcome>({ type: 'string', enum: [...OUTCOMES] }),
    unread: Type.Optional(Type.Literal(true)),
    salt: Base64,
  },
  closed,
)
export type WholeExtra = Static<typeof WholeExtra>
export type RecordExtra = Static<typeof RecordExtra>

/** What stands beside a proof, as bytes: JSON. */
export function encodeExtra(extra: WholeExtra | RecordExtra): Buffer {
  return Buffer.from(JSON.stringify(extra))
}

/** The reverse of `encodeExtra`; undefined when the bytes are of neither shape. Nothing of it is signed: it only helps to make the leaf. */
export function decodeExtra(bytes: Buffer): WholeExtra | RecordExtra | undefined {
  let extra: unknown
  try {
    extra = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  if (Value.Check(WholeExtra, extra) || Value.Check(RecordExtra, extra)) return extra
  return undefined
}

/** The format as a receipt carries it. */
export function formatOf(format: SourceFormat | undefined): { format?: SourceFormat } {
  if (format === undefined) return {}
  return {
    format:
      format.kind === 'ndjson'
        ? { kind: 'ndjson' }
        : {
            kind: 'csv',
            delimiter: format.delimiter,
            columns: [...format.columns],
            encodings: [...format.encodings],
          },
  }
}
