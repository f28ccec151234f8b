import type { Pool } from 'pg'
import { tokensOf } from './app-issuers.ts'
import { programmeParts } from './app-programmes.ts'
import { receiptsOf } from './app-receipts.ts'
import { erasurePartsOf } from './app-rights.ts'
import { shownSettings } from './app-settings.ts'
import { telling } from './app-telling.ts'
import { allFindings } from './catalogue/all-findings.ts'
import type { CatalogueRegistry } from './catalogue/catalogue.ts'
import type { CompiledDataset, Registry } from './catalogue/registry.ts'
import { resultLayouts } from './catalogue/result-layouts.ts'
import { readingsOfKey } from './clean/mapping/written-key.ts'
import { type Config, uploadLimits } from './config.ts'
import type { BatchId } from './domain/ids.ts'
import type { Cleaner } from './engine/cleaner.ts'
import { dispatchDue } from './engine/dispatch.db.ts'
import { weightsOf } from './engine/share/fair-share.ts'
import { feedEpoch } from './forward/feed-epoch.sql.ts'
import { type UploadOptions, uploadEntries } from './intake/read-upload.file.ts'
import { toleratedOffset } from './io/clock-offset.ts'
import type { Crash } from './io/observe/crash.ts'
import type { Log } from './io/observe/log.ts'
import type { Metrics } from './io/observe/metrics.ts'
import type { Tracing } from './io/observe/tracing.ts'
import { onePass } from './io/one-pass.ts'
import type { Queue } from './io/queue.ts'
import { readGoldenPage } from './link/persons/golden-page.db.ts'
import { subjectRegister } from './link/persons/subject-register.db.ts'
import { readModel } from './link/score/model-file.ts'
import { compileSurvivorship } from './link/subjects/survivorship.ts'
import { parseNetworks } from './notify/address.ts'
import { tallyReader } from './reports/batch/tally.db.ts'
import { readTotals } from './reports/reconciliation/reconciliation.db.ts'
import type { Asked } from './reports/reconciliation/reconciliation.sql.ts'
import { insertResultHead, readResultHead } from './results/head.sql.ts'
import { resultReader } from './results/latest.db.ts'
import { createLogin } from './trust/access/login.ts'
import { createSenders } from './trust/access/proof/senders.http.ts'
import { createSessions } from './trust/access/sessions.ts'
import { createTokens } from './trust/access/token.ts'
import { platformsWithout } from './trust/agreements/agreement.ts'
import { readWitnesses } from './trust/audit/witness-keys.file.ts'
import type { KeyRing } from './trust/keys/keyring.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the API is built over. */
export type AppDeps = {
  config: Config
  db: Pool
  vault: Vault
  ring: KeyRing
  /** Reads the key ring anew, in place: other processes may work under newer keys. */
  reloadKeys(): KeyRing
  registry: CatalogueRegistry &
    Pick<Registry, 'regions' | 'platforms' | 'findings' | 'linkage' | 'survivorship' | 'results' | 'programmes'>
  /** Cleans what is checked or previewed, away from the event loop. */
  cleaner: Pick<Cleaner, 'cleanEntries'>
  queue: Pick<Queue, 'dispatch' | 'boards'>
  log: Log
  metrics: Metrics
  crash: Crash
  /** The address that others know the gateway by: issuer and audience of its tokens. */
  publicUrl: string
  /** Traces every request, where tracing is on. */
  tracing?: Pick<Tracing, 'plugin'>
}

/** What the parts are made of. */
type PartDeps = AppDeps & {
  /** The database as workers see it: for what has to look at all platforms to answer one of them. */
  whole: Pool
}

export type AppParts = ReturnType<typeof appParts>

/** What routes are given; each takes of it what it uses. Throws where the linkage model or the survivorship cannot be read. */
export function appParts(deps: PartDeps) {
  const { config, db, whole, vault, ring, reloadKeys, registry, cleaner, queue, metrics, crash, publicUrl } = deps
  const register = subjectRegister(vault)
  const latestResults = resultReader(register)
  const clock = () => new Date()
  const shares = {
    window: config.WINDOW,
    weights: weightsOf(registry.platforms.values()),
    withoutAgreement: () => platformsWithout(registry.platforms.values(), clock()),
  }
  // Two gateways may each differ from PostgreSQL by as much.
  const skewSeconds = 2 * toleratedOffset(config.LEASE_SECONDS)
  const survivorship = compileSurvivorship(registry.survivorship)
  const scoringModel = readModel(registry.linkage)
  const told = telling(registry, clock)
  return {
    ...{ db, vault, ring, reloadKeys, registry, cleaner, queue, metrics, crash },
    issuer: publicUrl,
    settings: shownSettings(config),
    tokens: tokensOf(
      config,
      createTokens(ring, { issuer: publicUrl, seconds: config.TOKEN_SECONDS, reload: reloadKeys, skewSeconds }),
      { issuer: publicUrl, skewSeconds },
    ),
    login: createLogin(db, vault),
    senders: createSenders({ db, vault, issuer: publicUrl, skewSeconds }),
    skewSeconds,
    sessions: createSessions(db, vault, publicUrl),
    findings: allFindings(registry),
    limits: uploadLimits(config),
    canonical: registry.canonical,
    scoringModel,
    resultHeads: {
      store: insertResultHead,
      read: (batch: BatchId) => readResultHead(db, batch),
    },
    register,
    feedEpoch,
    resultCatalogue: registry.results,
    layoutOf: resultLayouts(registry),
    latestResults,
    readTally: tallyReader(db),
    reconciliationTotals: onePass((asked: Asked) => readTotals({ db }, asked)),
    survivorship,
    /** The golden records after a subject, as they stand. */
    readGolden: (after: string, limit: number) =>
      readGoldenPage(db, { vault, survivorship, scoringModel, ...told }, after, limit),
    securityContact: config.SECURITY_CONTACT,
    fourEyes: config.FOUR_EYES,
    readingsOfKey,
    clock,
    coverage: told.coverage,
    platforms: registry.platforms,
    withoutAgreement: shares.withoutAgreement,
    receipts: receiptsOf(config),
    witnesses: config.WITNESS_KEYS_FILE === undefined ? [] : readWitnesses(config.WITNESS_KEYS_FILE),
    publicUrl,
    erasureParts: erasurePartsOf(vault),
    programmes: programmeParts({
      ...{ db, whole, vault, crash, clock, survivorship, coverage: told.coverage },
      book: registry.programmes,
      platforms: registry.platforms,
      readResults: (subjects) => latestResults(whole, vault, subjects),
    }),
    webhookNetworks: parseNetworks(config.WEBHOOK_NETWORKS),
    dispatch: (platform: string) => dispatchDue(whole, queue, { ...shares, platform }),
    /** Dispatches what is due of all platforms. */
    hasten: () => dispatchDue(whole, queue, shares),
    /** Cuts a body into entries as intake does. */
    read: (
      bytes: AsyncIterable<Buffer>,
      format: CompiledDataset['format'],
      options: Omit<UploadOptions, 'recordBytes' | 'limits'>,
    ) => uploadEntries(bytes, format, { ...options, recordBytes: config.LINE_BYTES, limits: uploadLimits(config) }),
  }
}
