import { expect, it } from 'vitest'
import { parseStrictly } from '../../src/clean/compile/parse.ts'

// nodejs/node#63785: an escaped name is read as another one that the parser has met before.
const POISON = '{"h":[],"\\\\":0}'

it('reads an escaped name as what it says, whatever names came before', () => {
  JSON.parse(POISON)
  expect(parseStrictly('{"h":1,"\\u00b2":2}').value).toEqual({ h: 1, '²': 2 })
  expect(parseStrictly('{"h":1,"\\"":2}').findings.map(({ code }) => code)).toEqual(['json-escaped-name'])
})

it('is still needed: JSON.parse alone takes one escaped name for another', () => {
  JSON.parse(POISON)
  expect(Object.keys(JSON.parse('{"h":1,"\\"":2}'))).toEqual(['h', '\\'])
})
