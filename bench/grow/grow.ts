import { join } from 'node:path'
import { openPool } from '../src/io/postgres/postgres.ts'
import { sql } from '../src/io/postgres/sql.ts'
import { cpuSeconds, spentOn } from './cpu.ts'
import { type Bench, writeFamilies } from './system.ts'
import { floor, push } from './whole.ts'

/** Of a few batches pushed one after the other, the median, at a number of subjects. */
export type Growth = {
  /** Persons and families when the first of the measured batches came, and when the last was done. */
  subjects: number
  until: number
  /** Right after the filling, while autovacuum works it off on the same cores. */
  just_filled_per_s: number
  e2e_per_s: number
  /** CPU of all parts for each family, autovacuum's too: on a shared machine it tells more than speed. */
  just_filled_cpu_us: number
  cpu_us: number
  floor_per_s: number
  ratio: number
}

const MEASURED = 9
const FAMILIES = 2000
const SUBJECTS_OF_A_FAMILY = 4.5

/** The whole way (first byte to the receiver's last receipt) while subjects grow to each number of subjects. */
export async function measureGrowth(bench: Bench, sizes: readonly number[]): Promise<Growth[]> {
  await using stack = new AsyncDisposableStack()
  const db = openPool(bench.ownerUrl, 1)
  stack.defer(() => db.end())
  const gateway = await bench.as('carik-jakarta')
  let first = 0
  const pushMore = async (count: number): Promise<number> => {
    const file = await writeFamilies(join(bench.data, 'families.ndjson'), { count, first })
    const { perSecond } = await push(gateway, file, `from-${first}`, count)
    first += count
    return perSecond
  }
  const countSubjects = async () => {
    const { rows } = await db.query<{ n: number }>(sql`select count(*)::integer as n from subject`)
    return rows[0]?.n ?? 0
  }
  const measure = async () => {
    const speeds: number[] = []
    const before = cpuSeconds(bench)
    while (speeds.length < MEASURED) speeds.push(await pushMore(FAMILIES))
    const spent = spentOn(MEASURED * FAMILIES, before, cpuSeconds(bench))
    const cpu = Object.values(spent).reduce((sum, part) => sum + part, 0)
    return { perSecond: Math.round(median(speeds)), cpu }
  }
  const growth: Growth[] = []
  for (const size of sizes) {
    for (;;) {
      const missing = size - (await countSubjects())
      if (missing <= 0) break
      await pushMore(Math.ceil(missing / SUBJECTS_OF_A_FAMILY))
    }
    const subjects = await countSubjects()
    const justFilled = await measure()
    // As on any server that was not filled a minute ago: what the filling left to autovacuum is done, not under measurement.
    await db.query(sql`vacuum analyze`)
    const settled = await measure()
    const floors: number[] = []
    while (floors.length < 3) floors.push(await floor(bench, join(bench.data, 'families.ndjson')))
    const least = median(floors)
    growth.push({
      subjects,
      until: await countSubjects(),
      just_filled_per_s: justFilled.perSecond,
      e2e_per_s: settled.perSecond,
      just_filled_cpu_us: justFilled.cpu,
      cpu_us: settled.cpu,
      floor_per_s: Math.round(least),
      ratio: Number((settled.perSecond / least).toFixed(3)),
    })
  }
  return growth
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
