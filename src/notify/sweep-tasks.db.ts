import type { Platform } from '../domain/platform.ts'
import type { SweepTask } from '../engine/sweep.ts'
import { lastPushes } from '../engine/withdrawals/pushed.sql.ts'
import { endingsAt } from './ending.ts'
import { forgetEvents, noteEvent } from './event.sql.ts'
import { mendFutureMessages } from './message.sql.ts'
import { overduesAt } from './overdue.ts'
import { forgetSecrets } from './webhook.sql.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
// The longest that a message, its lease and its webhook are put off, and somewhat more.
const MOST_RETRY_SECONDS = 27 * 3600
const MOST_REST_SECONDS = 3700
const MOST_LEASE_SECONDS = 400

/** What is looked after in webhooks: agreements that end or are not kept to, old events and secrets, and what a jump of the clock left. */
export function webhookTasks(
  platforms: ReadonlyMap<string, Platform>,
  clock: () => Date = () => new Date(),
): SweepTask[] {
  return [
    {
      name: 'agreements-ending',
      everyMs: 10 * MINUTE,
      async run(db) {
        let noted = 0
        for (const event of endingsAt(clock(), platforms.values())) if (await noteEvent(db, event)) noted += 1
        return noted
      },
    },
    {
      name: 'agreements-overdue',
      everyMs: 10 * MINUTE,
      async run(db) {
        const promised = [...platforms.values()].filter(({ agreement, earlier = [] }) =>
          [...earlier, agreement].some(({ cadenceDays }) => cadenceDays !== undefined),
        )
        if (promised.length === 0) return 0
        const last = await lastPushes(
          db,
          promised.map(({ name }) => name),
        )
        let noted = 0
        for (const event of overduesAt(clock(), promised, last)) if (await noteEvent(db, event)) noted += 1
        return noted
      },
    },
    { name: 'forget-events', everyMs: MINUTE, run: forgetEvents },
    { name: 'forget-secrets', everyMs: MINUTE, run: forgetSecrets },
    {
      name: 'webhook-clock',
      everyMs: 10 * SECOND,
      run: (db) =>
        mendFutureMessages(db, { lease: MOST_LEASE_SECONDS, retry: MOST_RETRY_SECONDS, rest: MOST_REST_SECONDS }),
    },
  ]
}
