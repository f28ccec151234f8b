import { expect, it } from 'vitest'
import { compilersAtFirstUse } from '../../../src/io/http/compilers.ts'

const SHARED = { Name: { $id: 'Name', type: 'string', minLength: 2 } }
const BODY = { type: 'object', required: ['name'], properties: { name: { $ref: 'Name#' } } }
const OPTIONS = { customOptions: { allErrors: false } }
const ROUTE = { method: 'POST', url: '/', httpStatus: '200' }

it('compiles a validator at its first use, which keeps the errors of each of its own', () => {
  const compile = compilersAtFirstUse().buildValidator(SHARED, OPTIONS)
  const route = (schema: object) => compile({ schema, method: 'POST', url: '/', httpPart: 'body' } as never)
  // A schema that cannot be compiled is met by who calls the route, not by the start.
  const broken = route({ $ref: 'Nobody#' })
  expect(() => broken({})).toThrow('Nobody')
  const [one, other] = [route(BODY), route(BODY)]
  expect([one({ name: 'Budi' }), other({ name: 'B' })]).toEqual([true, false])
  expect([one.errors ?? [], other.errors?.map(({ instancePath }) => instancePath)]).toEqual([[], ['/name']])
  expect([other({ name: 'Budi' }), other.errors ?? []]).toEqual([true, []])
})

it('makes a serializer at its first use, over the shared schemas that it names', () => {
  const compile = compilersAtFirstUse().buildSerializer({ ...SHARED, Broken: { $id: 'Broken', $ref: 'Nobody#' } })
  const broken = compile({ ...ROUTE, schema: { $ref: 'Broken#' } })
  expect(compile({ ...ROUTE, schema: BODY })({ name: 'Budi', secret: 1 })).toBe('{"name":"Budi"}')
  expect(() => broken({})).toThrow()
})

it('makes compilers once for the routes of a server, and again where schemas came', () => {
  const { buildValidator, buildSerializer } = compilersAtFirstUse()
  expect(buildValidator(SHARED, OPTIONS)).toBe(buildValidator({ ...SHARED }, OPTIONS))
  expect(buildValidator({ ...SHARED, More: { $id: 'More' } }, OPTIONS)).not.toBe(buildValidator(SHARED, OPTIONS))
  expect(buildSerializer(SHARED)).toBe(buildSerializer({ ...SHARED }))
})
