import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { openCleaner } from './catalogue/cleaning/cleaner.client.ts'
import { readRegistry } from './catalogue/registry.file.ts'
import { compileRegistry, type Registry } from './catalogue/registry.ts'
import type { RegistryFiles } from './clean/mapping/folder.ts'
import type { Config } from './config.ts'
import { TitianError } from './domain/error.ts'
import type { Cleaner } from './engine/cleaner.ts'
import { type Crash, openCrash } from './io/observe/crash.ts'
import { type Log, openLog } from './io/observe/log.ts'
import { type Metrics, openMetrics } from './io/observe/metrics.ts'
import type { Tracing } from './io/observe/tracing.ts'
import { guardTableForm, readTableForm } from './io/postgres/distribute.db.ts'
import { newestMigration } from './io/postgres/migration.file.ts'
import { openPool } from './io/postgres/postgres.ts'
import { keepPresent } from './io/postgres/presence.db.ts'
import { guardPostgres, guardRedis } from './io/postgres/server-checks.ts'
import { openQueue, type Queue } from './io/queue.ts'
import { redisAddressOf } from './io/redis.ts'
import { allowedParts, clearParts, clearTextFault } from './io/transport/clear-text.ts'
import { sentence } from './language/diagnostics.ts'
import { publicUrlOf } from './trust/access/public-url.ts'
import { canSign, ringFor } from './trust/keys/holders.ts'
import { keySettingsOf, loadKeyRing, reloadKeyRing } from './trust/keys/keyring.file.ts'
import type { KeyRing } from './trust/keys/keyring.ts'
import { openVault, type Vault } from './trust/keys/vault.ts'
import { figuresReader } from './watch/figures.db.ts'

/** What a gateway or a worker is made of; each function below takes only what it uses. */
export type Deps = {
  config: Config
  db: pg.Pool
  ring: KeyRing
  /** Reads the key ring anew, in place. */
  reloadKeys(): KeyRing
  vault: Vault
  registry: Registry
  /** Cleans entries in a thread of its own, where a hostile one can be stopped. */
  cleaner: Cleaner
  queue: Queue
  log: Log
  metrics: Metrics
  crash: Crash
  /** The address that others know the gateway by: issuer and audience of its tokens. */
  publicUrl: string
}

/** Opens everything a process needs and refuses servers that are not safe; `source` names the process in the log. */
export async function openDeps(
  config: Config,
  data: string,
  source: string,
  { telemetry }: Pick<Tracing, 'telemetry'> = {},
): Promise<Deps & { startCleaner(): Promise<void> } & AsyncDisposable> {
  const databaseUrl = databaseOf(config)
  const clear = clearParts(config, source === 'gateway')
  const fault = clearTextFault(clear, allowedParts(config.CLEAR_TEXT))
  if (fault !== undefined) throw new TitianError('config-invalid', fault)
  const redis = redisAddressOf(config)
  const ring = await loadKeyRing(keySettingsOf(config), data)
  // A worker issues no token; a gateway may sign deliveries, unless its ring was split off without that key.
  const narrowed = () => (source === 'worker' ? Object.assign(ring, ringFor('worker', ring)) : ring)
  narrowed()
  if (source === 'gateway' && config.FORWARD === 'pull' && !canSign(ring.deliveries))
    throw new TitianError(
      'config-invalid',
      'FORWARD is pull and the key ring has no private key for deliveries: a gateway signs what is pulled from it',
    )
  const seen = { text: '' }
  const reloadKeys = () => {
    reloadKeyRing(ring, keySettingsOf(config), data, seen)
    return narrowed()
  }
  const vault = openVault(ring, Date.now, reloadKeys)
  const files = await registryFiles(config)
  const registry = compileFiles(files, vault)
  const log = openLog(config, source)
  for (const part of clear) log.warn({ part }, 'personal data goes unencrypted over a network, as CLEAR_TEXT allows')
  for (const fault of registry.draftFaults) log.warn({ fault: sentence(fault) }, 'a draft of a dataset is left out')
  const form = await readTableForm(databaseUrl)
  const db = openPool(databaseUrl, config.DATABASE_CONNECTIONS, form)
  let presence: AsyncDisposable | undefined
  try {
    // Before the tables are looked at: a breaking migration either sees this process, or is seen by it.
    presence = await keepPresent(db, {
      ...{ id: randomUUID(), kind: source, schema: await newestMigration() },
      indexKey: () => {
        reloadKeys()
        return vault.newestIndexKey()
      },
    })
    await guardPostgres(db, config, Date.now)
    await guardTableForm(db, form)
    if (redis) await guardRedis(redis)
  } catch (error) {
    await presence?.[Symbol.asyncDispose]()
    await db.end()
    throw error
  }
  const queue = openQueue({ databaseUrl: config.DATABASE_SESSION_URL ?? databaseUrl, redis, telemetry })
  const cleaner = openCleaner({
    files,
    ring,
    poison: config.POISON_AT,
    entrySeconds: config.ENTRY_SECONDS,
    memoryMb: config.CLEANING_MB,
    reload: reloadKeys,
  })
  return {
    config,
    db,
    ring,
    reloadKeys,
    vault,
    registry,
    cleaner,
    queue,
    log,
    metrics: openMetrics({
      db,
      readFigures: figuresReader([...registry.platforms.values()]),
      folders: { data, temporary: tmpdir() },
    }),
    crash: openCrash(config.CRASH_AT),
    publicUrl: publicUrlOf(config.PUBLIC_URL, {
      ...{ host: config.HOST, port: config.PORT },
      isTls: config.TLS_CERT_FILE !== undefined,
    }),
    startCleaner: () => cleaner.start(),
    async [Symbol.asyncDispose]() {
      await cleaner.close()
      await queue.close()
      await presence?.[Symbol.asyncDispose]()
      await db.end()
    },
  }
}

/** The address of the gateway's database; throws `config-invalid` when there is none. */
export function databaseOf({ DATABASE_URL }: Pick<Config, 'DATABASE_URL'>): string {
  if (DATABASE_URL) return DATABASE_URL
  throw new TitianError('config-invalid', 'DATABASE_URL is not set; titian up starts a database of its own')
}

/** The built-in registry with TITIAN_REGISTRY laid over it, compiled. */
export async function openRegistry(config: Pick<Config, 'TITIAN_REGISTRY'>, vault: Vault): Promise<Registry> {
  return compileFiles(await registryFiles(config), vault)
}

function registryFiles({ TITIAN_REGISTRY }: Pick<Config, 'TITIAN_REGISTRY'>): Promise<RegistryFiles> {
  return readRegistry([join(import.meta.dirname, 'registry'), ...(TITIAN_REGISTRY ? [TITIAN_REGISTRY] : [])])
}

function compileFiles(files: RegistryFiles, vault: Vault): Registry {
  return compileRegistry(files, (identity) => vault.lastingText('key', identity))
}
