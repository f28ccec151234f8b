import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { PersonId, RequestId } from '../../domain/ids.ts'
import type { SweepTask } from '../../engine/sweep.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import { withIndexes } from '../../trust/reindex/gate.db.ts'
import { readIndexKey } from '../../trust/reindex/gate.sql.ts'
import { dueAt } from '../clock.ts'
import { askRequest, confirmRequest } from '../requests/request.db.ts'
import type { PersonRequest } from '../requests/request.ts'
import {
  closeTask,
  endCorrected,
  insertTasks,
  keepWish,
  lockTask,
  noteLooked,
  readCorrectionWish,
  takeOpenTasks,
} from './correction.sql.ts'
import {
  type CorrectionSaid,
  type CorrectionState,
  type CorrectionTask,
  type CorrectionWish,
  isCorrected,
} from './correction.ts'
import type { CorrectionDeps } from './correction-deps.ts'

const about = 'correction' as const
const PAGE = 200
const TITIAN = 'titian'

/** Takes down what a person asks to be corrected; its source is told when somebody else has confirmed it. */
export function askCorrection(
  { vault }: Pick<CorrectionDeps, 'vault'>,
  db: Pool,
  asked: { person: PersonId; reason: string; by: string; receivedAt: Date | null; wish: CorrectionWish },
): Promise<RequestId> {
  const { wish, ...rest } = asked
  return askRequest(vault, db, { about, ...rest }, (tx, id) =>
    keepWish(tx, id, vault.seal(Buffer.from(JSON.stringify(wish)), aad(TITIAN, 'person_request', id, 'wish'))),
  )
}

/**
 * Confirms a correction: each platform that states one of the fields has a task from this transaction on. Throws as `confirmRequest`,
 * and `not-found` where nobody states any of them.
 */
export function confirmCorrection(
  deps: CorrectionDeps,
  db: Pool,
  { id, by }: { id: string; by: string },
): Promise<void> {
  return confirmRequest(db, { id, about, by }, async (tx, request) => {
    await withIndexes(tx, deps.vault)
    const tasks = await tasksFor(tx, deps, request)
    if (tasks.length === 0) throw new TitianError('not-found')
    await insertTasks(tx, tasks)
    deps.crash('correction:before-confirm')
  })
}

async function tasksFor(tx: PoolClient, { vault, correctionParts }: CorrectionDeps, request: PersonRequest) {
  const sealed = await readCorrectionWish(tx, request.id)
  if (sealed === null) throw new Error(`${request.id} asks for nothing`)
  const place = aad(TITIAN, 'person_request', request.id, 'wish')
  const wish = JSON.parse(vault.open(sealed, place).toString('utf8')) as CorrectionWish
  const sources = await correctionParts.of(tx, request.subject)
  return sources.flatMap(({ index, content, platform, dataset, record }) => {
    if (wish.platform !== null && wish.platform !== platform) return []
    const stated = wish.fields.flatMap((field) => {
      const value = record.fields[field]
      return value === undefined ? [] : [[field, value] as const]
    })
    if (stated.length === 0) return []
    const id = newId('cor')
    const said: CorrectionSaid = { key: record.key, fields: Object.fromEntries(stated), statement: wish.statement }
    return {
      id,
      request: request.id,
      platform,
      dataset,
      recordIndex: index,
      content,
      dueAt: dueAt(request.receivedAt),
      said: vault.seal(Buffer.from(JSON.stringify(said)), saidPlace(id)),
    }
  })
}

/** What a platform is told of an open task. */
export function openSaid(
  vault: Pick<Vault, 'open'>,
  { id, said }: Pick<CorrectionTask, 'id' | 'said'>,
): CorrectionSaid | null {
  return said && JSON.parse(vault.open(said, saidPlace(id)).toString('utf8'))
}

function saidPlace(id: string): string {
  return aad(TITIAN, 'correction_task', id, 'said')
}

/** A platform says that its record is right as it is. Throws `not-found`, and `request-closed` where the task is closed. */
export function keepRecord(
  { vault }: Pick<CorrectionDeps, 'vault'>,
  db: Pool,
  { id, platform, by, reason }: { id: string; platform: string; by: string; reason: string },
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const task = await lockTask(tx, id, platform)
    if (task === undefined) throw new TitianError('not-found')
    if (task.state !== 'open') throw new TitianError('request-closed')
    await close(tx, task, { state: 'kept', by, answer: sealReason(vault, reason) })
  })
}

/** Closes the tasks whose source has sent the record corrected, or taken it back; what a killed process leaves is looked at again. */
export function correctionTask({ vault, correctionParts, crash }: CorrectionDeps): SweepTask {
  return {
    name: 'corrections',
    everyMs: 2000,
    async run(db) {
      // A record that is moved to another index key would pass for one that was withdrawn.
      if ((await readIndexKey(db)).movingTo !== null) return 0
      let closed = 0
      for (let after: string | undefined = ''; after !== undefined; ) {
        const from: string = after
        after = await inTransaction(db, async (tx) => {
          await withIndexes(tx, vault)
          const tasks = await takeOpenTasks(tx, from, PAGE)
          const keys = tasks.map(({ recordIndex }) => recordIndex)
          const records = new Map((await correctionParts.at(tx, keys)).map((source) => [source.index, source]))
          for (const task of tasks) {
            const source = records.get(task.recordIndex)
            const said = openSaid(vault, task)
            if (source === undefined) await close(tx, task, { state: 'withdrawn', by: TITIAN })
            else if (source.content === task.content || said === null) continue
            else if (isCorrected(said, source.record.fields)) await close(tx, task, { state: 'corrected', by: TITIAN })
            else {
              await noteLooked(tx, task.id, source.content)
              continue
            }
            closed += 1
          }
          crash('correction:before-commit')
          return tasks.length < PAGE ? undefined : tasks.at(-1)?.id
        })
      }
      return closed
    },
  }
}

async function close(
  tx: PoolClient,
  { id, request, platform }: CorrectionTask,
  as: { state: Exclude<CorrectionState, 'open'>; by: string; answer?: string },
): Promise<void> {
  await closeTask(tx, id, as)
  await endCorrected(tx, request)
  const shown = { request, platform, state: as.state }
  await appendAudit(tx, { actor: as.by, action: 'correction.closed', object: id, shown })
}
