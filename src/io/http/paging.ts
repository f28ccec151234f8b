import Type from 'typebox'
import { TitianError } from '../../domain/error.ts'

/** Query strings are text: a number in one is a pattern, since nothing is coerced. */
export function limitSchema(standard: number, max: number) {
  return Type.String({
    pattern: '^[1-9][0-9]{0,5}$',
    description: `how many: 1 to ${max}, ${standard} if not given`,
    examples: [String(standard)],
  })
}

/** The page size asked for; throws `bad-request` above what is allowed, since a shorter page would look like the last one. */
export function limitOf(text: string | undefined, standard: number, max: number): number {
  const limit = text === undefined ? standard : Number(text)
  if (limit <= max) return limit
  const places = [{ pointer: '/querystring/limit', code: 'maximum' }]
  throw new TitianError('bad-request', `limit is ${max} at most`, { places })
}
