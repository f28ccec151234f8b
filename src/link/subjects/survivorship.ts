import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'

const Order = Type.Array(Type.String(), { minItems: 1 })
const Rules = Type.Object(
  { default: Order, fields: Type.Record(Type.String(), Order) },
  { additionalProperties: false },
)

/** How far down a dataset stands in the order of trust: 0 is trusted first; unknown datasets come last. */
export type Rank = (dataset: string) => number

/** Which dataset is believed, field by field. */
export type Survivorship = {
  rank: Rank
  /** Fields (`individu.tanggal_lahir`) with an order of their own; what it does not name follows in the default order. */
  fields: ReadonlyMap<string, Rank>
}

/** Compiles `registry/canonical/survivorship.yaml`; throws `registry-invalid` when it is something else. */
export function compileSurvivorship(raw: unknown): Survivorship {
  if (!Value.Check(Rules, raw)) {
    throw new TitianError(
      'registry-invalid',
      'canonical/survivorship.yaml: expected `default` (datasets in order of trust) and `fields` (the same by canonical field)',
    )
  }
  const rules: Static<typeof Rules> = raw
  const fields = Object.entries(rules.fields).map(([field, order]) => {
    const rest = rules.default.filter((dataset) => !order.includes(dataset))
    return [field, rankBy([...order, ...rest])] as const
  })
  return { rank: rankBy(rules.default), fields: new Map(fields) }
}

function rankBy(order: readonly string[]): Rank {
  const places = new Map(order.map((dataset, place) => [dataset, place]))
  return (dataset) => places.get(dataset) ?? order.length
}
