import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { readKeyRing } from '../../src/trust/keys/keyring.file.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { cpuSeconds, spentOn } from '../cpu.ts'
import { watchLocks } from '../locks.ts'
import { openLinking } from '../registry.ts'
import { type Bench, startBench, writeFamilies } from '../system.ts'
import { floor, push } from '../whole.ts'
import { countCandidates } from './candidates.ts'
import { countSubjects, readCounters, readSealed, readSizes } from './database.ts'
import { type NationPart, nationParts } from './nation.ts'
import { requireRoom } from './room.ts'

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
  cpu_workers_us: number
  cpu_postgres_us: number
  floor_per_s: number
  ratio: number
  /** The gateway's whole database, its ledger and sealed bytes included; and of it what the registry of subjects takes. */
  bytes_subject: number
  registry_bytes_subject: number
  /** Written to the server's log for each new subject, the stand-in's part included. */
  wal_bytes_subject: number
  /** How long the subjects' lock was held for 2,000 families. */
  lock_ms: number
  'index hits %': number
  /** Stored records that the blocks give for a record of somebody new, and of somebody known; of the latter, how many are the same person. */
  candidates_new: number
  candidates_known: number
  'linked %': number
}

type Options = Parameters<typeof startBench>[0] & { say: (line: string) => void }

const MEASURED = 5
const FAMILIES = 2000
const SUBJECTS_OF_A_FAMILY = 4.5
// Files and sealed chunks of one filling stay small beside the registry.
const FILL_FAMILIES = 100_000
const LOOK_MS = 20
const REGISTRY = ['source_record', 'subject', 'identifier', 'blocking', 'key_conflict', 'review']

/** The whole way (first byte to the receiver's last receipt) while subjects grow to each number of subjects; then the nation's size. */
export async function measureGrowth(
  sizes: readonly number[],
  { say, ...options }: Options,
): Promise<{ grow: Growth[]; nation: NationPart[] }> {
  await requireRoom(tmpdir(), Math.max(...sizes), say)
  await using bench = await startBench(options)
  await using stack = new AsyncDisposableStack()
  const db = openPool(bench.ownerUrl, 2)
  stack.defer(() => db.end())
  const vault = openVault(await readKeyRing(join(bench.data, 'keys.json')))
  const linking = await openLinking(db, vault)
  const more = await pusher(bench)
  const grow: Growth[] = []
  for (const size of sizes) {
    for (;;) {
      const missing = size - (await countSubjects(db))
      if (missing <= 0) break
      await more.push(Math.min(FILL_FAMILIES, Math.ceil(missing / SUBJECTS_OF_A_FAMILY)))
      say(`${(await countSubjects(db)).toLocaleString('en')} subjects`)
    }
    const subjects = await countSubjects(db)
    const justFilled = await measureBatches(bench, more.push)
    // As on any server that was not filled a minute ago: what the filling left to autovacuum is done, not under measurement.
    await db.query(sql`vacuum analyze`)
    const before = await readCounters(db)
    const first = await countSubjects(db)
    const locks = watchLocks(db, LOOK_MS)
    const settled = await measureBatches(bench, more.push)
    const { held, seconds } = await locks.stop()
    const after = await readCounters(db)
    const until = await countSubjects(db)
    const floors: number[] = []
    while (floors.length < 3) floors.push(await floor(bench, more.file))
    await db.query(sql`vacuum analyze`)
    const [news, known] = [
      await countCandidates({ db, vault, ...linking }, more.next()),
      await countCandidates({ db, vault, ...linking }, 0),
    ]
    const tables = await readSizes(db)
    const bytes = (names?: readonly string[]) =>
      tables.filter(({ table }) => names?.includes(table) ?? true).reduce((sum, { bytes }) => sum + bytes, 0) / until
    const hits = after.indexHits - before.indexHits
    grow.push({
      subjects,
      until,
      just_filled_per_s: justFilled.perSecond,
      e2e_per_s: settled.perSecond,
      just_filled_cpu_us: justFilled.cpu,
      cpu_us: settled.cpu,
      cpu_workers_us: settled.spent.workers,
      cpu_postgres_us: settled.spent.postgres,
      floor_per_s: Math.round(median(floors)),
      ratio: Number((settled.perSecond / median(floors)).toFixed(3)),
      bytes_subject: Math.round(bytes()),
      registry_bytes_subject: Math.round(bytes(REGISTRY)),
      wal_bytes_subject: Math.round((after.wal - before.wal) / (until - first)),
      lock_ms: Math.round((held * seconds * 1000) / MEASURED),
      'index hits %': round(100 * (hits / (hits + after.indexReads - before.indexReads))),
      candidates_new: round(news.perRecord),
      candidates_known: round(known.perRecord),
      'linked %': round(known.linkedPercent),
    })
    say(JSON.stringify(grow.at(-1)))
  }
  return { grow, nation: nationParts({ sizes: await readSizes(db), sealed: await readSealed(db) }) }
}

/** Pushes families that nobody has pushed yet, each time the next ones. */
async function pusher(bench: Bench) {
  const gateway = await bench.as('carik-jakarta')
  const file = join(bench.data, 'families.ndjson')
  let first = 0
  return {
    file,
    next: () => first,
    async push(count: number): Promise<number> {
      await writeFamilies(file, { count, first })
      const { perSecond } = await push(gateway, file, `from-${first}`, count)
      first += count
      return perSecond
    },
  }
}

async function measureBatches(bench: Bench, pushMore: (count: number) => Promise<number>) {
  const speeds: number[] = []
  const before = cpuSeconds(bench)
  while (speeds.length < MEASURED) speeds.push(await pushMore(FAMILIES))
  const spent = spentOn(MEASURED * FAMILIES, before, cpuSeconds(bench))
  const cpu = Object.values(spent).reduce((sum, part) => sum + part, 0)
  return { perSecond: Math.round(median(speeds)), cpu, spent }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
