import { statfs } from 'node:fs/promises'
import type pg from 'pg'
import type { Figures } from '../../io/observe/figures.ts'
import type { Log } from '../../io/observe/log.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { type Alert, noteTold, noteTroubles, takeDue, tryLockAlerts } from './alert.sql.ts'
import { messageOf } from './message.ts'
import { MINUTES, troublesIn } from './troubles.ts'
import type { Way } from './ways.client.ts'

export type AlerterDeps = {
  db: pg.Pool
  log: Log
  readFigures(db: pg.Pool): Promise<Figures>
  /** Folders whose disks are watched, by name. */
  folders: Readonly<Record<string, string>>
  ways: readonly Way[]
  /** The address that others know the gateway by. */
  installation: string
  limits: { repeatHours: number; perHour: number }
}

const LOOK_MS = 15_000

/** Looks every fifteen seconds, in one process at a time, and tells somebody; what is in hand is finished when it is disposed of. */
export function startAlerter(deps: AlerterDeps): AsyncDisposable {
  let looking: Promise<unknown> = Promise.resolve()
  const look = () => {
    looking = looking
      .then(() => lookAndTell(deps))
      .catch((error: unknown) => deps.log.warn({ err: error }, 'alerts not looked at'))
  }
  const timer = setInterval(look, LOOK_MS)
  look()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await looking
      await Promise.all(deps.ways.map((way) => way.close()))
    },
  }
}

/** Notes what is wrong and tells what is due, once. Returns how many alerts were told. */
export async function lookAndTell({ db, log, readFigures, folders, ways, installation, limits }: AlerterDeps) {
  const seen = { figures: await readFigures(db), disks: await freeShares(folders) }
  const due = await inTransaction(db, async (tx): Promise<Alert[]> => {
    if (!(await tryLockAlerts(tx))) return []
    await noteTroubles(tx, troublesIn(seen))
    return takeDue(tx, MINUTES, limits)
  })
  if (due.length === 0) return 0
  const message = messageOf(due, installation)
  // Nothing is locked while others are called. One way that takes it is enough.
  const answers = await Promise.allSettled(ways.map((way) => way.tell(message)))
  for (const [at, answer] of answers.entries())
    if (answer.status === 'rejected') log.warn({ way: ways[at]?.name, err: answer.reason }, 'alert not told')
  const isTold = answers.some(({ status }) => status === 'fulfilled')
  await noteTold(db, due, isTold)
  return isTold ? due.length : 0
}

async function freeShares(folders: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const shares: Record<string, number> = {}
  for (const [name, path] of Object.entries(folders)) {
    const disk = await statfs(path).catch(() => undefined)
    if (disk && disk.blocks > 0) shares[name] = disk.bavail / disk.blocks
  }
  return shares
}
