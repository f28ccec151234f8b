import { expect, it } from 'vitest'
import { browse } from '../browse.ts'
import { openDesk, pushTwice, raisePossibleMatch } from '../desk.ts'

it('shows the model, thresholds against decisions, what is not linked and sizes, and gives the same as JSON', async () => {
  await using desk = await openDesk()
  await pushTwice(desk)
  await raisePossibleMatch(desk)
  const decided = await raisePossibleMatch(desk, undefined, 'dua')
  await desk.db.pool.query(
    "update review set state = 'decided', decision = 'same', decided_by = 'x', reason = 'x', decided_at = now(), weight = 7.5 where id = $1",
    [decided],
  )
  expect((await (await browse(desk, ['ops']))('/console/linkage')).status).toBe(403)
  const steward = await browse(desk)
  const page = await (await steward('/console/linkage?lang=en')).text()
  for (const text of [
    'day and month exchanged',
    'The only record of their person',
    'Records of a person',
    'class="bars"',
  ])
    expect(page).toContain(text)
  expect(page).not.toMatch(/KETUT|BUDI|99710|IB1/)
  const json = (await (await steward('/console/linkage.json')).json()) as {
    curve: { bits: number; decided: number; same: number }[]
  }
  expect(json).toMatchObject({
    thresholds: { same: expect.any(Number) },
    reviewed: [
      { bits: 4, open: 1, same: 0, different: 0 },
      { bits: 7, open: 0, same: 1, different: 0 },
    ],
    sizes: [
      { size: 1, records: 4 },
      { size: 2, records: 2 },
    ],
    sample: { records: 6, alone: 4, linked: [{ bits: expect.any(Number), pairs: 1 }] },
  })
  expect(json.curve.find(({ bits }) => bits === 6)).toEqual({ bits: 6, decided: 1, same: 1, ofAllSame: 1 })
  expect(json.curve.find(({ bits }) => bits === 8)).toEqual({ bits: 8, decided: 0, same: 0, ofAllSame: 0 })
  expect(JSON.stringify(json)).not.toMatch(/KETUT|BUDI|99710|IB1/)
})

it('says of an empty registry that there is nothing yet', async () => {
  await using desk = await openDesk()
  const page = await (await (await browse(desk))('/console/linkage?lang=en')).text()
  for (const text of [
    'No pair was asked about yet',
    'No person in the sample has two records yet',
    'not seen in the sample',
  ])
    expect(page).toContain(text)
})
