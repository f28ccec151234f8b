import { expect, it } from 'vitest'
import { workAll } from '../../flows/stages.ts'
import { insertPerson } from '../../support/fixtures/rows.ts'
import { browse } from '../browse.ts'
import { auditOf, openDesk, pushTwice, REGISTRY } from '../desk.ts'

const FORM = 'application/x-www-form-urlencoded'

it('shows a steward all of a person, writes it down first, and parts what is ticked for good', async () => {
  await using desk = await openDesk()
  const id = await pushTwice(desk)
  const steward = await browse(desk, ['steward'])
  expect((await (await browse(desk, ['ops']))(`/console/persons/${id}`)).status).toBe(403)
  expect(await auditOf(desk, id)).toEqual([])
  const page = await (await steward(`/console/persons/${id}?lang=en`)).text()
  expect(await auditOf(desk, id)).toEqual([expect.stringContaining('person.read')])
  for (const text of [
    'IB1',
    'IB2',
    'I KETUT CONTOH',
    'Same name, birth date, sex, NIK',
    'stands',
    'href="/console/persons/',
  ])
    expect(page).toContain(text)
  const { rows: read } = await desk.db.pool.query(
    "select p.family = a.object as same from audit a, subject p where a.action = 'family.read' and p.id = $1",
    [id],
  )
  expect(read).toEqual([{ same: true }])
  const hidden = (name: string, of = page) => new RegExp(`name="${name}" value="([^"]*)"`).exec(of)?.[1] ?? ''
  const post = (fields: Record<string, string>) =>
    steward(`/console/persons/${id}/unmerge?lang=en`, {
      method: 'POST',
      body: new URLSearchParams({
        version: hidden('version'),
        seen: hidden('seen'),
        reason: 'two men',
        ...fields,
      }).toString(),
      headers: { 'content-type': FORM, origin: desk.url },
    })
  for (const wrong of [{ reason: '' }, { seen: 'x' }, { leave: 'yes' }, { leave0: 'no' }, { version: '' }] as Record<
    string,
    string
  >[])
    expect((await post(wrong)).status).toBe(400)
  for (const [fields, why] of [
    [{}, 'not-theirs'],
    [{ leave0: 'yes', leave1: 'yes' }, 'none-stays'],
    [{ leave0: 'yes', version: '99' }, 'changed'],
    [{ leave0: 'yes', seen: '0'.repeat(32) }, 'changed'],
  ] as [Record<string, string>, string][])
    expect((await post(fields)).headers.get('location')).toBe(`/console/persons/${id}?refused=${why}&lang=en`)
  const told = (await post({ leave0: 'yes' })).headers.get('location') ?? ''
  expect(told).toContain('parted=bat_')
  expect(await (await steward(told)).text()).toContain('What was ticked is taken out')
  await workAll(desk, await REGISTRY)
  const { rows } = await desk.db.pool.query(
    "select count(distinct subject)::int as persons from source_record where subject like 'per%'",
  )
  expect(rows).toEqual([{ persons: 2 }])
  // The page that was open before the cut names two sources: it cuts nobody now.
  expect((await post({ leave0: 'yes' })).headers.get('location')).toContain('refused=changed')
})

it('knows nobody by an id that is none, or that no record is of', async () => {
  await using desk = await openDesk()
  const steward = await browse(desk, ['steward'])
  for (const id of ['per_x', `per_${'0'.repeat(26)}`, await insertPerson(desk.db.pool)])
    expect((await steward(`/console/persons/${id}`)).status).toBe(404)
})

it('parts a person of many records when a second steward ticks the same, whom the first one asks', async () => {
  await using desk = await openDesk({ FOUR_EYES_RECORDS: '2' })
  const id = await pushTwice(desk)
  const [first, second] = [await browse(desk), await browse(desk)]
  const part = async (steward: typeof first, box: string) => {
    const page = await (await steward(`/console/persons/${id}?lang=en`)).text()
    const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? ''
    const fields = { version: hidden('version'), seen: hidden('seen'), reason: 'two men', [box]: 'yes' }
    const body = new URLSearchParams(fields).toString()
    const headers = { 'content-type': FORM, origin: desk.url }
    return { page, answer: await steward(`/console/persons/${id}/unmerge?lang=en`, { method: 'POST', body, headers }) }
  }
  const asked = await part(first, 'leave0')
  expect(asked.page).toContain('when a second steward asks for the same')
  expect(asked.answer.headers.get('location')).toBe(`/console/persons/${id}?parted=noted&lang=en`)
  expect((await part(first, 'leave0')).answer.status).toBe(409)
  // Another opinion takes the place of the first one.
  expect((await part(second, 'leave1')).answer.headers.get('location')).toContain('parted=noted')
  const { page, answer } = await part(first, 'leave1')
  expect(page).toContain(`asked for by <strong>${second.id}</strong>`)
  expect(page).toMatch(/name="leave1" value="yes" checked/)
  expect(answer.headers.get('location')).toContain('parted=bat_')
  const acts = (await auditOf(desk, id)).filter((line) => !line.endsWith('person.read'))
  expect(acts).toEqual([
    `${first.id} person.unmerge-asked`,
    `${second.id} person.unmerge-asked`,
    `${first.id} person.unmerged`,
  ])
  expect((await desk.db.pool.query('select from unmerge_opinion')).rowCount).toBe(0)
})
