import { expect, it } from 'vitest'
import { markOptionalBodies } from '../../src/catalogue/optional-bodies.ts'

const body = (schema: object) => ({
  post: { requestBody: { required: true, content: { 'application/json': { schema } } } },
})
const wish = { $ref: '#/components/schemas/Wish' }

it('calls a body that may be null one that may be missing, and no other', () => {
  const either = { anyOf: [wish, { type: 'string' }] }
  const document = {
    paths: { '/a': body({ anyOf: [wish, { type: 'null' }] }), '/b': body(wish), '/c': body(either), '/d': { get: {} } },
  }
  markOptionalBodies(document)
  expect(document.paths).toEqual({
    '/a': { post: { requestBody: { required: false, content: { 'application/json': { schema: wish } } } } },
    '/b': body(wish),
    '/c': body(either),
    '/d': { get: {} },
  })
})
