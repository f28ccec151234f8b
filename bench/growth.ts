import { join } from 'node:path'
import { openPool } from '../src/io/postgres.ts'
import { sql } from '../src/io/sql.ts'
import { type Bench, writeFamilies } from './system.ts'
import { floor, push } from './whole.ts'

/** Of a few batches pushed one after the other, the median, at a size of the registry. */
export type Growth = {
  /** Persons and families when the first of the measured batches came, and when the last was done. */
  subjects: number
  until: number
  /** Right after the filling, while autovacuum works it off on the same cores. */
  just_filled_per_s: number
  e2e_per_s: number
  floor_per_s: number
  ratio: number
}

const MEASURED = 9
const FAMILIES = 2000
const SUBJECTS_OF_A_FAMILY = 4.5

/** The whole way (first byte to the receiver's last receipt) while the registry grows to each number of subjects. */
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
    while (speeds.length < MEASURED) speeds.push(await pushMore(FAMILIES))
    return speeds
  }
  const growth: Growth[] = []
  for (const size of sizes) {
    for (;;) {
      const missing = size - (await countSubjects())
      if (missing <= 0) break
      await pushMore(Math.ceil(missing / SUBJECTS_OF_A_FAMILY))
    }
    const subjects = await countSubjects()
    const busy = await measure()
    // As on any server that was not filled a minute ago: what the filling left to autovacuum is done, not under measurement.
    await db.query(sql`vacuum analyze`)
    const speeds = await measure()
    const floors: number[] = []
    while (floors.length < 3) floors.push(await floor(bench, join(bench.data, 'families.ndjson')))
    const [justFilled, e2e, least] = [median(busy), median(speeds), median(floors)]
    const ratio = Number((e2e / least).toFixed(3))
    const until = await countSubjects()
    const perSecond = { just_filled_per_s: Math.round(justFilled), e2e_per_s: Math.round(e2e) }
    growth.push({ subjects, until, ...perSecond, floor_per_s: Math.round(least), ratio })
  }
  return growth
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
