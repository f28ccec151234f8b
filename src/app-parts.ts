import type { Pool } from 'pg'
import { tokensOf } from './app-issuers.ts'
import { peopleParts } from './app-people.ts'
import { programmeParts } from './app-programmes.ts'
import { receiptsOf } from './app-receipts.ts'
import { accessPartsOf, breachPartsOf, correctionPartsOf, erasurePartsOf, restrictionPartsOf } from './app-rights.ts'
import { shownSettings } from './app-settings.ts'
import { telling } from './app-telling.ts'
import { allFindings } from './catalogue/all-findings.ts'
import type { CatalogueRegistry } from './catalogue/catalogue.ts'
import type { CompiledDataset, Registry } from './catalogue/registry.ts'
import { resultLayouts } from './catalogue/result-layouts.ts'
import { readingsOfKey } from './clean/mapping/written-key.ts'
import { type Config, uploadLimits } from './config.ts'
import type { BatchId, SubjectId } from './domain/ids.ts'
import type { Cleaner } from './engine/cleaner.ts'
import { dispatchDue } from './engine/dispatch.db.ts'
import { weightsOf } from './engine/share/fair-share.ts'
import { feedEpoch } from './forward/feed-epoch.sql.ts'
import { type UploadOptions, uploadEntries } from './intake/read-upload.file.ts'
import { openTurns } from './intake/workbook/turns.file.ts'
import { toleratedOffset } from './io/clock-offset.ts'
import type { Crash } from './io/observe/crash.ts'
import type { Log } from './io/observe/log.ts'
import type { Metrics } from './io/observe/metrics.ts'
import { stuckPart } from './io/observe/progress.ts'
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
import type { Passwords } from './trust/people/password.ts'

// As long as an upload may be silent before others look at its platform's number of uploads without it.
const WORKBOOK_WAIT_MS = 60_000
// Previews of all platforms have one turn together: a draft has no platform yet.
const PREVIEWS = 'previews'

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
  /** What hashes passwords of persons, if not at the usual cost. */
  passwords?: Passwords
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
  const workbooks = openTurns(config.WORKBOOKS, WORKBOOK_WAIT_MS)
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
    ...peopleParts(deps),
    findings: allFindings(registry),
    limits: { ...uploadLimits(config), workbooks },
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
    /** Those of some subjects whose data is restricted, and families that name such a person as their head. */
    readRestricted: (subjects: readonly SubjectId[]) => register.restrictedOrNaming(db, subjects),
    securityContact: config.SECURITY_CONTACT,
    fourEyesFrom: config.FOUR_EYES ? 1 : config.FOUR_EYES_RECORDS,
    readingsOfKey,
    clock,
    /** Why this process should be started anew, in words. */
    stuck: () => stuckPart(metrics.progress, config.STUCK_SECONDS),
    coverage: told.coverage,
    platforms: registry.platforms,
    withoutAgreement: shares.withoutAgreement,
    receipts: receiptsOf(config),
    witnesses: config.WITNESS_KEYS_FILE === undefined ? [] : readWitnesses(config.WITNESS_KEYS_FILE),
    publicUrl,
    erasureParts: erasurePartsOf(vault),
    restrictionParts: restrictionPartsOf(vault),
    accessParts: accessPartsOf(vault, survivorship),
    correctionParts: correctionPartsOf(vault),
    breachParts: breachPartsOf(vault),
    programmes: programmeParts({
      ...{ db, whole, vault, crash, clock, survivorship, coverage: told.coverage },
      book: registry.programmes,
      platforms: registry.platforms,
      async readResults(subjects) {
        const restricted = await register.restricted(whole, subjects)
        return latestResults(
          whole,
          vault,
          subjects.filter((subject) => !restricted.has(subject)),
        )
      },
    }),
    webhookNetworks: parseNetworks(config.WEBHOOK_NETWORKS),
    dispatch: (platform: string) => dispatchDue(whole, queue, { ...shares, platform }),
    /** Dispatches what is due of all platforms. */
    hasten: () => dispatchDue(whole, queue, shares),
    /** Cuts a body into entries as intake does. */
    read: (
      bytes: AsyncIterable<Buffer>,
      format: CompiledDataset['format'],
      options: Omit<UploadOptions, 'recordBytes' | 'limits' | 'turn'>,
    ) =>
      uploadEntries(bytes, format, {
        ...options,
        recordBytes: config.LINE_BYTES,
        limits: uploadLimits(config),
        turn: () => workbooks.take(PREVIEWS),
      }),
  }
}
