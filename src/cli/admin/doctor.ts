import { tmpdir } from 'node:os'
import { Command, InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { receiptsOf } from '../../app-receipts.ts'
import { type Config, readConfig } from '../../config.ts'
import { openRegistry } from '../../deps.ts'
import type { Platform } from '../../domain/platform.ts'
import { guardRedis } from '../../io/postgres/server-checks.ts'
import { redisAddressOf } from '../../io/redis.ts'
import { sentence } from '../../language/diagnostics.ts'
import { selectFigures } from '../../reports/figures.sql.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { checkRights, checkSchema, checkSealed, checkServer, checkVersions } from '../../watch/doctor/database.db.ts'
import { type Diagnosis, examine, exitCodeOf, note } from '../../watch/doctor/diagnosis.ts'
import { checkDisks, checkFiles } from '../../watch/doctor/files.file.ts'
import { checkSecrets } from '../../watch/doctor/secrets.ts'
import { checkStuck } from '../../watch/doctor/stuck.ts'
import { checkHealth } from '../client/health.client.ts'
import { painter } from '../colour.ts'
import type { CliContext } from '../context.ts'

type Options = { data: string; leastFree: number; json?: true }

const COLOURS = { well: 'green', note: 'yellow', fault: 'red' } as const
const MARKS = { well: 'ok   ', note: 'note ', fault: 'FAULT' } as const

export function doctorCommand(context: CliContext): Command {
  return new Command('doctor')
    .description(
      'Look for what is wrong and say what to do; ends with 0 (well), 1 (something to think about) or 2 (a fault)',
    )
    .option('--data <dir>', 'data folder of a local titian up', context.dataDir)
    .option('--least-free <share>', 'share of each disk that should be free', parseShare, 0.1)
    .option('--json', 'print JSON')
    .action(async ({ json, ...options }: Options) => {
      const found = await examineAll(context, options)
      if (json) context.out(JSON.stringify({ is: found.some(({ is }) => is === 'fault') ? 'fault' : 'well', found }))
      else for (const line of found.flatMap((one) => linesOf(one, painter(context)))) context.out(line)
      context.exit(exitCodeOf(found))
    })
}

/** Every check of the doctor, in the environment of the command; one that fails stops no other. `now` is this machine's clock. */
export async function examineAll(
  context: Pick<CliContext, 'env' | 'openDatabase'>,
  { data, leastFree }: Omit<Options, 'json'>,
  now: () => number = Date.now,
): Promise<readonly Diagnosis[]> {
  const read: { config?: Config; ring?: KeyRing; platforms: Platform[] } = { platforms: [] }
  const found: Diagnosis[] = []
  const check = async (...of: Parameters<typeof examine>) => void found.push(...(await examine(...of)))

  await check('settings', 'mend the setting that is named', async () => {
    read.config = readConfig(context.env)
    receiptsOf(read.config)
    return 'can be read'
  })
  const { config = readConfig({}) } = read
  await check('keys', 'bring the ring back from its backup', async () => {
    read.ring = await loadKeyRing(keySettingsOf(config), data)
    return 'the key ring can be read'
  })
  await check('secrets', '', async () => checkSecrets(config))
  await check('files', '', () => checkFiles(data))
  await check('disks', '', () => checkDisks({ data, temporary: tmpdir() }, leastFree))
  const { ring } = read
  if (ring)
    await check('registry', 'mend the files that are named: titian dataset test', async () => {
      const registry = await openRegistry(config, openVault(ring))
      read.platforms.push(...registry.platforms.values())
      const drafts = registry.draftFaults.map((draft) => note('registry', sentence(draft), 'mend the draft'))
      return drafts.length > 0 ? drafts : `${registry.datasets.size} datasets, ${registry.platforms.size} platforms`
    })
  await checkNeighbours(config, check)
  await check('database', 'start PostgreSQL, or mend DATABASE_URL', async () => {
    const db = await context.openDatabase(data)
    try {
      return await examineDatabase(db, { ...read, config }, now)
    } finally {
      await db.end()
    }
  })
  return found
}

type Check = (...of: Parameters<typeof examine>) => Promise<void>

async function checkNeighbours(config: Config, check: Check): Promise<void> {
  const { RECEIVER_URL, FORWARD } = config
  const redis = redisAddressOf(config)
  if (redis)
    await check('queue', 'start Redis, or mend REDIS_URL; nothing is lost meanwhile', async () => {
      await guardRedis(redis)
      return 'Redis keeps its jobs'
    })
  if (RECEIVER_URL && FORWARD === 'push')
    await check('receiver', 'mend the line to the receiver; deliveries wait meanwhile', async () => {
      await checkHealth(new URL('/health', RECEIVER_URL).href)
      return 'answers'
    })
}

async function examineDatabase(
  db: pg.Pool,
  { config, ring, platforms }: { config: Config; ring?: KeyRing; platforms: readonly Platform[] },
  now: () => number,
): Promise<readonly Diagnosis[]> {
  const found = [...(await checkServer(db, config, now))]
  const schema = await checkSchema(db)
  found.push(...schema)
  // Tables of another version cannot be asked.
  if (schema.some(({ is }) => is === 'fault')) return found
  const rest: [string, () => Promise<readonly Diagnosis[]>][] = [
    ['rights', () => checkRights(db)],
    ['versions', () => checkVersions(db, process.version)],
    ...(ring ? [['keys', () => checkSealed(db, ring)] as [string, () => Promise<readonly Diagnosis[]>]] : []),
    ['stuck', async () => checkStuck({ figures: await selectFigures(db, platforms), disks: {} })],
  ]
  for (const [name, work] of rest) found.push(...(await examine(name, 'try again; see the log of PostgreSQL', work)))
  return found
}

function linesOf({ check, is, says, todo }: Diagnosis, paint: ReturnType<typeof painter>): string[] {
  const mark = paint(COLOURS[is], MARKS[is])
  const said = says
    .split('\n')
    .map((line, at) => (at === 0 ? `${mark} ${check.padEnd(16)} ${line}` : `${' '.repeat(23)}${line}`))
  return todo === '' ? said : [...said, `${' '.repeat(23)}→ ${todo}`]
}

function parseShare(text: string): number {
  const share = Number(text)
  if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('a share is 0 to 1')
  return share
}
