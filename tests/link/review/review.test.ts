import { describe, expect, it } from 'vitest'
import { sql } from '../../../src/io/postgres/sql.ts'
import { verifyAudit } from '../../../src/trust/audit/verify.db.ts'
import { auditOf, openDesk, POSSIBLE_MATCH, raisePossibleMatch } from '../../console/desk.ts'
import { problemOf, type TestGateway } from '../../flows/gateway.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>

const steward = (desk: TestGateway) => desk.steward()
const decide = (call: Call, id: string, decision: string, reason = 'seen by a steward') =>
  call(`/v1/reviews/${id}`, {
    method: 'POST',
    body: JSON.stringify({ decision, reason }),
    headers: { 'content-type': 'application/json' },
  })
const taken = async (call: Call, id: string, decision: string) => {
  const answer = await decide(call, id, decision)
  return answer.ok ? ((await answer.json()) as { taken: string }).taken : (await problemOf(answer)).code
}
const list = async (call: Call, query = '') => {
  const answer = await call(`/v1/reviews${query}`)
  return (await answer.json()) as { reviews: { id: string; decision: string | null }[]; next: string | null }
}

describe('the review desk', () => {
  it('shows a steward both records with level and weight of every field, and writes that down first', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const call = await steward(desk)
    const answer = await call(`/v1/reviews/${id}`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const shown = (await answer.json()) as {
      records: { platform: string; record: { fields: { nama: string } } }[]
      fields: { field: string; level: string; bits: number }[]
      score: number
    }
    expect(shown.records.map(({ record }) => record.fields.nama).sort()).toEqual(
      POSSIBLE_MATCH.map(({ nama }) => nama).sort(),
    )
    const levels = new Map(shown.fields.map(({ field, level }) => [field, level]))
    expect([levels.get('birth'), levels.get('nik'), levels.get('family'), levels.get('sex')]).toEqual([
      'swapped',
      'transposed',
      'kk',
      'equal',
    ])
    expect(shown.fields.find(({ field }) => field === 'family')?.bits).toBeGreaterThan(1)
    expect(await auditOf(desk, id)).toEqual([`${call.id} review.read`])
  })

  it('is for stewards alone', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    for (const caller of [await desk.caller(null, ['ops']), await desk.caller('sumedang')]) {
      for (const answer of [
        await caller('/v1/reviews'),
        await caller(`/v1/reviews/${id}`),
        await decide(caller, id, 'same'),
      ])
        expect(await problemOf(answer)).toEqual({ status: 403, code: 'scope-missing' })
    }
    expect(await auditOf(desk, id)).toEqual([])
  })

  it('is asked once: what is decided leaves the list and is closed', async () => {
    await using desk = await openDesk()
    const ids = [
      await raisePossibleMatch(desk),
      await raisePossibleMatch(desk, POSSIBLE_MATCH, 'dua'),
      await raisePossibleMatch(desk, POSSIBLE_MATCH, 'tiga'),
    ]
    const [first = '', second = '', third = ''] = ids
    const call = await steward(desk)
    expect(await taken(call, first, 'later')).toBe('later')
    expect((await list(call)).reviews.map(({ id }) => id)).toEqual([second, third, first])
    expect(await taken(call, second, 'different')).toBe('decided')
    expect(await taken(call, second, 'same')).toBe('review-closed')
    expect(await taken(call, 'rev_00000000000000000000000000', 'same')).toBe('not-found')
    expect((await list(call)).reviews.map(({ id }) => id)).toEqual([third, first])
    expect((await list(call, '?state=decided')).reviews).toMatchObject([{ id: second, decision: 'different' }])
    expect(await auditOf(desk, second)).toEqual([`${call.id} review.different`])
  })

  it('pages through what is open without leaving anything out', async () => {
    await using desk = await openDesk()
    const ids: string[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await raisePossibleMatch(desk, POSSIBLE_MATCH, name))
    const call = await steward(desk)
    await taken(call, ids[1] ?? '', 'later')
    const found: string[] = []
    for (let after = ''; ; ) {
      const { reviews, next } = await list(call, `?limit=2${after}`)
      found.push(...reviews.map(({ id }) => id))
      if (next === null) break
      after = `&after=${next}`
    }
    expect(found).toEqual([ids[0], ids[2], ids[3], ids[4], ids[1]])
  })

  it('takes a decision when a second steward says the same, where four eyes are asked for', async () => {
    await using desk = await openDesk({ FOUR_EYES: 'true' })
    const id = await raisePossibleMatch(desk)
    const [one, two] = [await steward(desk), await steward(desk)]
    expect(await taken(one, id, 'same')).toBe('noted')
    expect(await taken(one, id, 'same')).toBe('second-steward')
    expect(await taken(two, id, 'different')).toBe('noted')
    expect(await taken(one, id, 'different')).toBe('decided')
    expect(await auditOf(desk, id)).toEqual([
      `${one.id} review.same`,
      `${two.id} review.different`,
      `${one.id} review.different`,
    ])
  })

  it('decides once when two stewards answer at the same time', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const stewards = await Promise.all([1, 2, 3, 4].map(() => steward(desk)))
    const answers = await Promise.all(stewards.map((call, at) => taken(call, id, at % 2 ? 'same' : 'different')))
    expect(answers.toSorted()).toEqual(['decided', 'review-closed', 'review-closed', 'review-closed'])
    expect(await auditOf(desk, id)).toHaveLength(1)
    expect((await verifyAudit(desk.db.pool)).fault).toBeUndefined()
  })

  it('keeps the words of a steward sealed, and gives them back', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    const call = await steward(desk)
    expect((await decide(call, id, 'different', 'Budi told me himself')).ok).toBe(true)
    const { rows } = await desk.db.pool.query(sql`
      select to_jsonb(r)::text || coalesce(string_agg(to_jsonb(d)::text, ''), '') as text
      from review r left join link_decision d on d.a = r.a and d.b = r.b where r.id = ${id} group by r.*`)
    expect(rows[0].text).toContain(call.id)
    expect(rows[0].text).not.toContain('Budi')
    expect(await (await call(`/v1/reviews/${id}`)).json()).toMatchObject({
      state: 'decided',
      decision: 'different',
      reason: 'Budi told me himself',
    })
  })

  it('shows what is left when a record was erased meanwhile', async () => {
    await using desk = await openDesk()
    const id = await raisePossibleMatch(desk)
    await desk.db.pool.query(sql`delete from source_record where dataset = 'sumedang'`)
    const call = await steward(desk)
    const shown = (await (await call(`/v1/reviews/${id}`)).json()) as { records: unknown[]; score: number | null }
    expect(shown.records.filter((record) => record === null)).toHaveLength(1)
    expect(shown.score).toBeNull()
    expect((await call('/v1/reviews/nobody')).status).toBe(400)
  })
})
