import { expect, it } from 'vitest'
import { input, openCase } from './desk.ts'

const heads = ({ told }: { told: string[] }) => told.filter((text) => text.includes('STR-'))

/** Two rows of one family, each of a head, under keys of their own. */
async function rows() {
  const [head = '', sutarmi = '', wagiman = ''] = (await input('34a.csv')).toString().split('\n')
  return { head, sutarmi, wagiman: wagiman.replace('31759934000101', '31759934000102') }
}

it('tells of two heads of one family that come in two rows', async () => {
  await using one = await openCase('carik-jakarta', 'p3ke-individu')
  const { head, sutarmi, wagiman } = await rows()
  const batch = await one.push([head, sutarmi, wagiman, ''].join('\n'))
  expect(batch.counts).toEqual({ new: 2 })
  expect(heads(batch)).toEqual(['2 warning STR-01 ', '3 warning STR-01 '])
})

it('tells of the second head of a family in the push that brings it', async () => {
  await using one = await openCase('carik-jakarta', 'p3ke-individu')
  const { head, sutarmi, wagiman } = await rows()
  expect(heads(await one.push([head, sutarmi, ''].join('\n')))).toEqual([])
  expect(heads(await one.push([head, sutarmi, wagiman, ''].join('\n')))).toEqual(['3 warning STR-01 '])
})
