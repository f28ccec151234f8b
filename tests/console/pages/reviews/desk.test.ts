import { expect, it } from 'vitest'
import { workAll } from '../../../flows/stages.ts'
import { browse } from '../../browse.ts'
import { auditOf, openDesk, POSSIBLE_MATCH, REGISTRY, raisePossibleMatch } from '../../desk.ts'

const FORM = 'application/x-www-form-urlencoded'

/** The desk of one steward. */
async function openReviews(settings: Record<string, string> = {}) {
  const desk = await openDesk(settings)
  const get = await browse(desk)
  return {
    desk,
    read: async (path: string) => (await get(path)).text(),
    /** Where a form leads to. */
    async post(path: string, fields: Record<string, string>, as = get) {
      const headers = { 'content-type': FORM, origin: desk.url }
      const answer = await as(path, { method: 'POST', body: new URLSearchParams(fields).toString(), headers })
      return answer.headers.get('location') ?? answer.status
    },
    async persons() {
      const { rows } = await desk.db.pool.query<{ n: number }>(
        'select count(distinct subject)::int as n from source_record',
      )
      return rows[0]?.n
    },
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  }
}

it('tells in plain words how two are alike, and finds them by platform, place, rule and age', async () => {
  await using page = await openReviews()
  const { nomor_induk_kependudukan: _, ...budi } = POSSIBLE_MATCH[0]
  const first = await raisePossibleMatch(page.desk)
  const placed = { ...budi, kode_kelurahan_desa_ktp: '9971010001' }
  const elsewhere = { ...placed, nomor_kartu_keluarga: '9972010101010002', kode_kelurahan_desa_ktp: '9972010001' }
  const second = await raisePossibleMatch(page.desk, [placed, elsewhere], 'dua')
  const all = await page.read('/console/reviews?lang=en')
  expect(all).toContain(
    'Same sex, family and relation, partly name (one is fuller), birth date (day and month exchanged) and NIK (two digits exchanged)',
  )
  const found = async (query: string) => {
    const text = await page.read(`/console/reviews?lang=en&${query}`)
    return [text.includes(first), text.includes(second)]
  }
  expect(await found('platform=carik-jakarta')).toEqual([true, true])
  expect(await found('platform=jembrana')).toEqual([false, false])
  expect(await found('region=9972')).toEqual([false, true])
  expect(await found('rule=namesakes')).toEqual([false, true])
  expect(await found('rule=others')).toEqual([true, false])
  expect(await found('rule=none')).toEqual([false, false])
  expect(await found('days=7')).toEqual([false, false])
  expect(await found('region=x&rule=nothing&days=3')).toEqual([true, true])
})

it('goes on to the next one of the same filter, and keeps a list of what one decided', async () => {
  await using page = await openReviews()
  const [first, second, third] = [
    await raisePossibleMatch(page.desk),
    await raisePossibleMatch(page.desk, POSSIBLE_MATCH, 'dua'),
    await raisePossibleMatch(page.desk, POSSIBLE_MATCH, 'tiga'),
  ]
  const answer = { decision: 'different', reason: 'namesakes', go: 'next' }
  const query = '?platform=sumedang'
  const next = await page.post(`/console/reviews/${first}${query}`, answer)
  expect(next).toBe(`/console/reviews/${second}?platform=sumedang&was=${first}&saved=different`)
  expect(await page.read(String(next))).toContain(`href="/console/reviews/${first}"`)
  const putOff = await page.post(`/console/reviews/${second}${query}`, { ...answer, decision: 'later' })
  expect(putOff).toContain(`/console/reviews/${third}?`)
  // The one that was put off comes last.
  expect(await page.post(`/console/reviews/${third}${query}`, answer)).toContain(`/console/reviews/${second}?`)
  const other = await browse(page.desk)
  await page.post(`/console/reviews/${second}`, answer, other)
  const mine = await page.read('/console/reviews?state=decided&mine=yes')
  expect([first, second, third].map((id) => mine.includes(id))).toEqual([true, false, true])
})

it('shows the families of both, and writes down that they were seen', async () => {
  await using page = await openReviews()
  const id = await raisePossibleMatch(page.desk)
  const bare = await page.read(`/console/reviews/${id}?lang=en`)
  expect(bare).not.toContain('The families of both')
  await page.desk.db.pool.query("update subject set family = 'fam_' || right(id, 26)")
  const text = await page.read(`/console/reviews/${id}?lang=en`)
  expect(text).toContain('The families of both')
  expect(text.match(/<strong class="small">Record [AB]<\/strong>/g)).toHaveLength(2)
  const { rows } = await page.desk.db.pool.query(
    "select action, count(*)::int as n from audit where action like '%.read' group by action order by action",
  )
  expect(rows).toEqual([
    { action: 'family.read', n: 2 },
    { action: 'review.read', n: 2 },
  ])
})

it('turns a steward’s own decision round while nothing was built on it, and every sum closes', async () => {
  await using page = await openReviews()
  const id = await raisePossibleMatch(page.desk)
  const path = `/console/reviews/${id}`
  const registry = await REGISTRY
  expect(await page.post(`${path}/reverse`, { reason: 'too early' })).toBe(`${path}?saved=open`)
  await page.post(path, { decision: 'same', reason: 'one man' })
  expect(await page.post(`${path}/reverse`, { reason: 'at once' })).toBe(`${path}?saved=not-yet`)
  await workAll(page.desk, registry)
  expect(await page.persons()).toBe(1)
  const other = await browse(page.desk)
  expect(await page.post(`${path}/reverse`, { reason: 'not mine' }, other)).toBe(`${path}?saved=not-own`)
  expect(await page.read(`${path}?lang=en`)).toContain('The decision becomes “two people”')
  for (const [reason, persons] of [
    ['two men', 2],
    ['one man after all', 1],
  ] as const) {
    expect(await page.post(`${path}/reverse`, { reason })).toBe(`${path}?saved=reversed`)
    await workAll(page.desk, registry)
    expect(await page.persons()).toBe(persons)
  }
  // Turned round twice before anything was worked: the last word counts.
  await page.post(`${path}/reverse`, { reason: 'two men' })
  expect(await page.post(`${path}/reverse`, { reason: 'one man' })).toBe(`${path}?saved=not-yet`)
  await workAll(page.desk, registry)
  expect(await page.persons()).toBe(2)
  const { rows } = await page.desk.db.pool.query("select count(*)::int as open from batch where state <> 'settled'")
  expect(rows).toEqual([{ open: 0 }])
  const done = (await auditOf(page.desk, id)).filter((line) => line.endsWith('review.reversed'))
  expect(done).toHaveLength(3)
  await page.desk.db.pool.query('update link_decision set batch = $1', ['bat_other'])
  await page.desk.db.pool.query("update link_decision set decision = 'same', leaver = null")
  expect(await page.post(`${path}/reverse`, { reason: 'again' })).toBe(`${path}?saved=built-on`)
  expect(await page.post(`${path}/reverse`, { reason: '' })).toBe(400)
})

it('lets nobody turn a decision of four eyes round alone', async () => {
  await using page = await openReviews({ FOUR_EYES: 'true' })
  const id = await raisePossibleMatch(page.desk)
  const path = `/console/reviews/${id}`
  const opinion = { decision: 'same', reason: 'one person' }
  await page.post(path, opinion)
  const second = await browse(page.desk)
  const headers = { origin: page.desk.url, 'sec-fetch-site': 'same-origin' }
  const send = (to: string, fields: Record<string, string>) =>
    second(to, { method: 'POST', headers, body: new URLSearchParams(fields) as unknown as string })
  expect((await send(path, opinion)).status).toBe(303)
  expect((await send(`${path}/reverse`, { reason: 'alone' })).status).toBe(409)
})
