import type { PoolClient } from 'pg'
import { telling } from './app-telling.ts'
import { cleanStage } from './clean/clean.stage.ts'
import type { Deps } from './deps.ts'
import type { Change } from './domain/change.ts'
import type { DeliveryLine } from './domain/golden.ts'
import { STAGES, type StageName } from './domain/states.ts'
import type { ClaimedChunk, Stage } from './engine/stage.ts'
import { type Composed, composeDelivery } from './forward/compose.ts'
import { insertDelivery } from './forward/delivery.sql.ts'
import { forwardStage } from './forward/forward.stage.ts'
import type { ReceiverClient } from './forward/receiver.client.ts'
import { idSource, newId } from './io/ids.ts'
import { linkStage } from './link/link.stage.ts'
import { subjectRegister } from './link/persons/subject-register.db.ts'
import { readModel } from './link/score/model-file.ts'
import { measuredLock } from './link/subjects/measured-lock.db.ts'
import { compileSurvivorship } from './link/subjects/survivorship.ts'
import { resultFollower } from './results/follow.db.ts'
import { resultsStage } from './results/results.stage.ts'

const BREAKER = { failures: 5, openSeconds: 30 }
// The version of the canonical schema that deliveries name (registry/canonical/variables.json).
export const SCHEMA_VERSION = '1'

/**
 * The way of a chunk: the stages in order, each bound to its code. Which state each takes, what becomes of it, and what is
 * counted, kept and measured meanwhile stands in the state table (src/domain/states.ts); so does which kind of batch passes
 * which stages. Intake makes a chunk `received`; the runner (src/engine/runner.ts) claims, commits and dispatches between the
 * stages. `receiver` is undefined when BPS pulls.
 */
export function pipeline(
  deps: Deps,
  receiver: ReceiverClient | undefined,
  clock: () => Date = () => new Date(),
): Stage[] {
  const { db, vault, registry, cleaner, log, metrics, crash } = deps
  const register = subjectRegister(vault)
  const drawId = idSource()
  const clean = cleanStage({
    db,
    cleaner,
    lookupsOf: (version) => registry.versions.get(version)?.lookups ?? [],
    crash,
    random: Math.random,
  })
  const link = linkStage<Composed>({
    db,
    vault,
    survivorship: compileSurvivorship(registry.survivorship),
    scoringModel: readModel(registry.linkage),
    newPerson: () => drawId('per'),
    newFamily: () => drawId('fam'),
    newReview: () => newId('rev'),
    crash,
    lock: measuredLock(db, metrics.subjectLock),
    noteAnew: (entries) => metrics.linkedAnew.inc(entries),
    noteOversized: (blocks) => metrics.oversizedBlocks.inc(blocks),
    ...telling(registry, clock),
    compose,
    follow: resultFollower(register),
    deliver: (tx: PoolClient, { id }, composed) => insertDelivery(tx, vault, id, composed),
  })
  const forward = forwardStage({ db, vault, receiver, breaker: BREAKER, log, crash, random: Math.random })
  const results = resultsStage({
    db,
    vault,
    register,
    catalogue: registry.results,
    canonical: registry.canonical,
    formatOf: (dataset, version) => registry.versions.get(`${dataset}@${version}`)?.format,
    clock,
    crash,
  })
  const bound: Record<StageName, Stage> = { clean, link, forward, results }
  return STAGES.map((name) => bound[name])
}

function compose(
  { batch, platform, dataset, agreement }: ClaimedChunk,
  lines: readonly DeliveryLine[],
  beside: readonly Change[],
): Composed {
  const head = { id: newId('dlv'), batch, platform, dataset, agreement, schemaVersion: SCHEMA_VERSION }
  return composeDelivery(lines, { ...head, composedAt: new Date() }, beside)
}
