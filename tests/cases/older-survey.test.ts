import { expect, it } from 'vitest'
import { input, openCase } from './desk.ts'

const CARIK = ['carik-jakarta', 'carik'] as const
const older = ({ told }: { told: string[] }) => told.filter((text) => text.includes('as-of') || text.includes('twice'))

it('leaves a newer survey as it is when an older one comes, and says so', async () => {
  await using one = await openCase(...CARIK)
  await one.push(await input('34b.1.new.ndjson'))
  const second = await one.push(await input('34b.2.old.ndjson'))
  expect(second.counts).toEqual({ unchanged: 1 })
  expect(older(second)).toEqual(
    ['1', '1', '1'].map((line, at) => `${line} warning as-of-older ${['', '/anggota/0', '/anggota/1'][at]}`),
  )
  expect((await one.lines()).filter(({ version }) => version > 1)).toEqual([])
})

it('takes a newer survey over an older one, in whatever order one file has them', async () => {
  const [recent, old] = [await input('34b.1.new.ndjson'), await input('34b.2.old.ndjson')]
  for (const text of [`${old}${recent}`, `${recent}${old}`]) {
    await using one = await openCase(...CARIK)
    const batch = await one.push(text)
    expect(batch.gap).toBe(0)
    expect(older(batch).every((told) => told.includes('warning as-of-older'))).toBe(true)
    const last = new Map((await one.lines()).map(({ subject, record }) => [subject, record]))
    expect([...last.values()].filter(({ alamat }) => alamat !== undefined).map(({ alamat }) => alamat)).toEqual([
      'JL. UJI NO. 1',
    ])
  }
})

it('lets the newer batch decide where the day is the same', async () => {
  await using one = await openCase(...CARIK)
  const text = (await input('34b.1.new.ndjson')).toString()
  await one.push(text)
  const moved = await one.push(text.replace('JL. UJI NO. 1', 'JL. UJI NO. 2'))
  expect([moved.counts, older(moved)]).toEqual([{ updated: 1 }, []])
})
