import type { PoolClient } from 'pg'
import { cleanStage } from './clean/clean.stage.ts'
import type { Deps } from './deps.ts'
import type { GoldenLine } from './domain/golden.ts'
import type { ClaimedChunk, Stage } from './engine/stage.ts'
import { type Composed, composeDelivery } from './forward/compose.ts'
import { insertDelivery } from './forward/delivery.sql.ts'
import { forwardStage } from './forward/forward.stage.ts'
import type { ReceiverClient } from './forward/receiver.client.ts'
import { newId } from './io/ids.ts'
import { linkStage } from './link/link.stage.ts'
import { readModel } from './link/score/model-file.ts'
import { compileSurvivorship } from './link/subjects/survivorship.ts'

const BREAKER = { failures: 5, openSeconds: 30 }
// The version of the canonical schema that deliveries name (registry/canonical/variables.json).
const SCHEMA_VERSION = '1'

/**
 * The stages of a chunk, in order. Intake makes it `received` (src/intake); these make it clean, linked and settled.
 * Between them the runner claims, commits and dispatches it (src/engine/runner.ts). `receiver` is undefined when BPS pulls.
 */
export function pipeline(deps: Deps, receiver: ReceiverClient | undefined): Stage[] {
  const { db, vault, registry, log, metrics, crash } = deps
  const clean = cleanStage({ db, vault, registry })
  const link = linkStage<Composed>({
    db,
    vault,
    survivorship: compileSurvivorship(registry.survivorship),
    scoringModel: readModel(registry.linkage),
    newPerson: () => newId('per'),
    newFamily: () => newId('fam'),
    newReview: () => newId('rev'),
    noteOversized: (blocks) => metrics.oversizedBlocks.inc(blocks),
    compose,
    deliver: (tx: PoolClient, { id }, composed) => insertDelivery(tx, vault, id, composed),
  })
  const forward = forwardStage({ db, vault, receiver, breaker: BREAKER, log, crash, random: Math.random })
  return [clean, link, forward]
}

function compose({ batch, platform, dataset, agreement }: ClaimedChunk, lines: readonly GoldenLine[]): Composed {
  const head = { id: newId('dlv'), batch, platform, dataset, agreement, schemaVersion: SCHEMA_VERSION }
  return composeDelivery(lines, { ...head, composedAt: new Date() })
}
