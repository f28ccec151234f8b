import { expect, it } from 'vitest'
import { titian } from '../../support/command.ts'

const FILE = 'tests/samples/carik-jakarta/carik.ndjson'

it.for([
  [
    'check of a name with a slip',
    ['check', FILE, '--dataset', 'carrik'],
    'There is no dataset carrik. Did you mean "carik"?',
  ],
  [
    'check of a name like none',
    ['check', FILE, '--dataset', 'tiada'],
    /^There is no dataset tiada\. Known: .*sumedang@1/,
  ],
  ['check of a version', ['check', FILE, '--dataset', 'sumedang@9'], 'There is no sumedang@9. Known: 1'],
  [
    'check of a slip with a version',
    ['check', FILE, '--dataset', 'sumedan@1'],
    'There is no dataset sumedan. Did you mean "sumedang"?',
  ],
  [
    'check of a platform',
    ['check', FILE, '--dataset', 'carik', '--platform', 'carik-jakart'],
    'There is no platform carik-jakart. Did you mean "carik-jakarta"?',
  ],
  ['source', ['dataset', 'source', 'sumedangg'], 'There is no dataset sumedangg. Did you mean "sumedang"?'],
] as const)('what was probably meant is offered by %s', async ([, args, sentence]) => {
  const { code, err } = await titian([...args])
  expect(code).toBe(1)
  const said = err[0]?.replace(/^titian: /, '')
  if (typeof sentence === 'string') expect(said).toBe(sentence)
  else expect(said).toMatch(sentence)
})
