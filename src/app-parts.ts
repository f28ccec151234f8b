import type { Pool } from 'pg'
import { allFindings } from './catalogue/all-findings.ts'
import type { CatalogueRegistry } from './catalogue/catalogue.ts'
import type { CompiledDataset, Registry } from './catalogue/registry.ts'
import { readingsOfKey } from './clean/mapping/written-key.ts'
import { type Config, uploadLimits } from './config.ts'
import type { Cleaner } from './engine/cleaner.ts'
import { dispatchDue } from './engine/dispatch.db.ts'
import { readEntries } from './intake/formats/read.ts'
import { toleratedOffset } from './io/clock-offset.ts'
import type { Crash } from './io/observe/crash.ts'
import type { Log } from './io/observe/log.ts'
import type { Metrics } from './io/observe/metrics.ts'
import type { Queue } from './io/queue.ts'
import { readModel } from './link/score/model-file.ts'
import { compileSurvivorship } from './link/subjects/survivorship.ts'
import { createLogin } from './trust/access/login.ts'
import { createTokens } from './trust/access/token.ts'
import type { KeyRing } from './trust/keys/keyring.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the API is built over. */
export type AppDeps = {
  config: Config
  db: Pool
  vault: Vault
  ring: KeyRing
  registry: CatalogueRegistry & Pick<Registry, 'platforms' | 'findings' | 'linkage' | 'survivorship'>
  /** Cleans what is checked or previewed, away from the event loop. */
  cleaner: Pick<Cleaner, 'cleanEntries'>
  queue: Pick<Queue, 'dispatch' | 'boards'>
  log: Log
  metrics: Metrics
  crash: Crash
  /** The address that others know the gateway by: issuer and audience of its tokens. */
  publicUrl: string
}

export type AppParts = ReturnType<typeof appParts>

/** What routes are given; each takes of it what it uses. Throws where the linkage model or the survivorship cannot be read. */
export function appParts({ config, db, vault, ring, registry, cleaner, queue, metrics, crash, publicUrl }: AppDeps) {
  return {
    ...{ db, vault, ring, registry, cleaner, queue, metrics, crash },
    issuer: publicUrl,
    tokens: createTokens(ring, {
      issuer: publicUrl,
      seconds: config.TOKEN_SECONDS,
      // Two gateways may each differ from PostgreSQL by as much.
      skewSeconds: 2 * toleratedOffset(config.LEASE_SECONDS),
    }),
    login: createLogin(db, vault),
    findings: allFindings(registry),
    limits: uploadLimits(config),
    canonical: registry.canonical,
    scoringModel: readModel(registry.linkage),
    survivorship: compileSurvivorship(registry.survivorship),
    fourEyes: config.FOUR_EYES,
    readingsOfKey,
    clock: () => new Date(),
    dispatch: (platform: string) => dispatchDue(db, queue, { window: config.WINDOW, platform }),
    /** Dispatches what is due of all platforms. */
    hasten: () => dispatchDue(db, queue, { window: config.WINDOW }),
    /** Cuts a body into entries as intake does. */
    read: (bytes: AsyncIterable<Buffer>, format: CompiledDataset['format'], array: boolean) =>
      readEntries(bytes, format, { recordBytes: config.LINE_BYTES, array }),
  }
}
