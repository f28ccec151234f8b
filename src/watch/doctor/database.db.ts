import type pg from 'pg'
import { selectServerFacts, selectSession } from '../../io/postgres/server-checks.sql.ts'
import { type GuardLimits, postgresFaults, schemaFault } from '../../io/postgres/server-checks.ts'
import { sessionFault } from '../../io/postgres/session.ts'
import { queueSchemaFault } from '../../io/queue.ts'
import { selectSealedVersions } from '../../reports/duty/sealed-versions.sql.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { type Diagnosis, fault, faultOf, note, well } from './diagnosis.ts'
import { selectRights, selectShownVersions } from './rights.sql.ts'

const SERVER = 'see docs/operations/roles-and-databases.md'

/** What a start would refuse of the server, all of it: safety, rights of the role, clocks, connections, session. */
export async function checkServer(db: pg.Pool, limits: GuardLimits, now: () => number): Promise<readonly Diagnosis[]> {
  const wrong = postgresFaults(await selectServerFacts(db), limits, now())
  const session = sessionFault(await selectSession(db))
  const found = [...wrong, ...(session === undefined ? [] : [session])].map((said) => faultOf('postgres', said, SERVER))
  return found.length > 0 ? found : [well('postgres', 'keeps what it confirms; its clock is ours')]
}

/** Whether the tables are those that this version needs, ours and those of the queues. */
export async function checkSchema(db: pg.Pool): Promise<readonly Diagnosis[]> {
  const wrong = [await schemaFault(db), await queueSchemaFault(db)].filter((said) => said !== undefined)
  if (wrong.length > 0) return wrong.map((said) => faultOf('migrations', said, 'run titian migrate'))
  return [well('migrations', 'the tables are those of this version')]
}

/** Whether the role may do what it must, and nothing that it must not. */
export async function checkRights(db: pg.Pool): Promise<readonly Diagnosis[]> {
  const { role, owns, missing, changesAudit } = await selectRights(db)
  const found: Diagnosis[] = []
  if (missing.length > 0)
    found.push(fault('rights', `${role} may not work with ${missing.join(', ')}`, 'run titian migrate as the owner'))
  if (changesAudit)
    found.push(
      fault(
        'rights',
        `${role} may change the audit log`,
        'as the owner, take every right on it but to add and to read',
      ),
    )
  if (owns > 0)
    found.push(
      note('rights', `${role} owns ${owns} tables`, `let another role own them and give DATABASE_OWNER_URL; ${SERVER}`),
    )
  return found.length > 0 ? found : [well('rights', `${role} may do what it must, and cannot change the audit log`)]
}

/** Whether every key that something is sealed under is in the ring. */
export async function checkSealed(db: pg.Pool, ring: KeyRing): Promise<readonly Diagnosis[]> {
  const here = new Set(ring.seal.map(({ version }) => version))
  const used = await selectSealedVersions(db)
  const missing = used.filter((version) => !here.has(version))
  if (missing.length === 0) return [well('keys', `all keys are here: ${[...here].join(', ')}`)]
  const said = `something is sealed under key version ${missing.join(', ')}, which the ring does not hold`
  return [fault('keys', said, 'bring the whole ring back from its backup; docs/operations/keys.md')]
}

/** Whether all processes run on one version of Node, ours. */
export async function checkVersions(db: pg.Pool, own: string): Promise<readonly Diagnosis[]> {
  const others = (await selectShownVersions(db)).filter((version) => version !== own)
  if (others.length === 0) return [well('versions', `Node ${own}`)]
  return [
    note('versions', `this is Node ${own}, processes run on ${others.join(', ')}`, 'start them all with one version'),
  ]
}
