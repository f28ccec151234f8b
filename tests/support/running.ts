import type pg from 'pg'
import type { RunnerDeps } from '../../src/engine/runner.ts'
import { openLog } from '../../src/io/observe/log.ts'
import { openMetrics } from '../../src/io/observe/metrics.ts'
import { openQueue } from '../../src/io/queue.ts'
import { selectFigures } from '../../src/reports/figures.sql.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import type { TestDatabase } from './database.ts'

/** What a runner needs, on a test's own database, with its queues in the same; closed by `await using`. */
export function runnerDeps(
  db: TestDatabase,
  over: Partial<RunnerDeps> & { window?: number; lease?: number } = {},
): RunnerDeps & AsyncDisposable {
  const { window = 8, lease = 30, ...rest } = over
  const queue = openQueue({ databaseUrl: db.url })
  return {
    db: db.pool,
    vault: openVault(createKeyRing(new Date(0))),
    queue,
    log: openLog({ LOG_LEVEL: 'silent' }, 'test'),
    metrics: openMetrics({ db: db.pool, readFigures: selectFigures }),
    crash: () => undefined,
    config: {
      LEASE_SECONDS: lease,
      DISPATCH_SECONDS: 30,
      WINDOW: window,
      POISON_CLAIMS: 3,
      CONCURRENCY: 1,
      LANES: 'both',
    },
    bisect: (_tx: pg.PoolClient) => Promise.resolve(false),
    isolate: (_tx: pg.PoolClient) => Promise.resolve(false),
    ...rest,
    [Symbol.asyncDispose]: () => queue.close(),
  }
}

/** How much slower than a quiet machine of two cores a shared one may be. */
const PATIENCE = 4

/** Waits until the state is reached; fails when it is not within so many seconds of a quiet machine. It ends what hangs and measures nothing. */
export async function until(reached: () => Promise<boolean> | boolean, seconds = 20): Promise<void> {
  for (const end = Date.now() + PATIENCE * seconds * 1000; Date.now() < end; ) {
    if (await reached()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('the state was not reached in time')
}
