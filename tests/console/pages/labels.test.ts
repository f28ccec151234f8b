import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { push } from '../../flows/gateway.ts'
import { workAll } from '../../flows/stages.ts'
import { browse } from '../browse.ts'
import { auditOf, openDesk, REGISTRY } from '../desk.ts'

const FORM = 'application/x-www-form-urlencoded'

it('draws pairs by strata, has them labelled without a hint, and says precision and recall with their intervals', async () => {
  await using desk = await openDesk()
  const jembrana = await desk.caller('jembrana')
  const rows = await readFile(new URL('../../samples/jembrana/jembrana.csv', import.meta.url), 'utf8')
  const asCsv = { dataset: 'jembrana', 'content-type': 'text/csv' }
  for (const [key, text] of [
    ['satu', rows],
    ['dua', rows.replaceAll('JBR-', 'JBX-').replaceAll('PETANI', 'NELAYAN')],
  ] as const) {
    await push(jembrana, key, text, asCsv)
    await workAll(desk, await REGISTRY)
  }
  const steward = await browse(desk)
  const send = (path: string, body = '') =>
    steward(path, { method: 'POST', body, headers: { 'content-type': FORM, origin: desk.url } })
  expect(await (await steward('/console/linkage?lang=en')).text()).toContain('No sample was drawn yet')
  expect((await (await browse(desk, ['ops']))('/console/linkage/labels/next')).status).toBe(403)

  expect((await send('/console/linkage/labels')).headers.get('location')).toBe('/console/linkage')
  const { rows: pairs } = await desk.db.pool.query<{ round: string; place: number; stratum: string }>(
    'select round, place, stratum from label_pair order by place',
  )
  expect(pairs.length).toBeGreaterThan(20)
  expect(new Set(pairs.map(({ stratum }) => stratum.split('-')[0]))).toEqual(new Set(['linked', 'apart']))
  const round = pairs[0]?.round ?? ''

  let path = (await steward('/console/linkage/labels/next')).headers.get('location') ?? ''
  expect(path).toBe(`/console/linkage/labels/${round}/1`)
  const page = await (await steward(`${path}?lang=en`)).text()
  expect(page).toContain('One person or two?')
  expect(page).not.toMatch(/bits|linked|stratum/i)
  const byStratum = Map.groupBy(pairs, ({ stratum }) => stratum)
  const labelled = [...byStratum.values()].flatMap((of) => of.slice(0, 5))
  for (const { place, stratum } of labelled) {
    const label = stratum.startsWith('linked') ? 'same' : 'different'
    const answer = await send(`/console/linkage/labels/${round}/${place}`, `label=${label}&reason=seen`)
    expect(answer.headers.get('location')).toBe(`/console/linkage/labels/next?after=${place}`)
  }
  path = (await steward('/console/linkage/labels/next?after=99999')).headers.get('location') ?? ''
  const open = pairs.find(({ place }) => !labelled.some((one) => one.place === place))
  expect(path).toBe(`/console/linkage/labels/${round}/${open?.place}`)

  const json = (await (await steward('/console/linkage.json')).json()) as {
    labelled: { estimate: { precision: { value: number; low: number; high: number }; recall: { value: number } } }
  }
  expect(json.labelled.estimate).toMatchObject({ precision: { value: 1, high: 1 }, recall: { value: 1 } })
  expect(json.labelled.estimate.precision.low).toBeGreaterThan(0.5)
  expect(json.labelled.estimate.precision.low).toBeLessThan(1)
  const audit = await auditOf(desk, round)
  expect(audit.filter((line) => line.endsWith('label.read'))).toHaveLength(1)
  expect(audit.filter((line) => line.endsWith('label.given'))).toHaveLength(labelled.length)
  const { rows: reasons } = await desk.db.pool.query<{ reason: string }>(
    'select reason from label_pair where label is not null limit 1',
  )
  expect(reasons[0]?.reason).not.toContain('seen')
  expect((await send(`/console/linkage/labels/${round}/1`, 'label=perhaps')).status).toBe(400)
  expect((await send(`/console/linkage/labels/${round}/999`, 'label=same')).status).toBe(404)
  expect((await steward('/console/linkage/labels/lbl_x/1')).status).toBe(404)
}, 300_000)
