import { expect } from 'vitest'
import type { Child } from '../../../src/cli/run/child.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import type { Mode } from '../../../src/receiver/misbehave.ts'
import type { System } from '../../support/system.ts'

/** More deliveries than come while it misbehaves. */
export const ALL = 1_000_000

/** Orders the stand-in to misbehave so many times; 0 ends it. */
export async function order({ receiver }: System, mode: Mode, times: number): Promise<void> {
  const answer = await fetch(`${receiver.url}/misbehave`, {
    method: 'POST',
    headers: { authorization: `Bearer ${receiver.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mode, times }),
  })
  expect(answer.status).toBe(200)
}

/** How many entries the receiver has of all deliveries, by its own database: it may be away. */
export async function arrivedEntries({ receiver }: System): Promise<number> {
  return withClient(receiver.databaseUrl, async (db) => {
    const { rows } = await db.query(
      "select coalesce(sum((manifest ->> 'entries')::int), 0)::int as entries from delivery",
    )
    return rows[0]?.entries as number
  })
}

export async function stop(child: Child): Promise<void> {
  await child.stop()
  await child.ended
}

/** Copies what the receiver holds, beside it. */
export function backUp({ receiver }: System): Promise<void> {
  return withClient(receiver.databaseUrl, async (db) => {
    await db.query('create table delivery_copy as table delivery')
    await db.query('create table subject_copy as table subject')
  })
}

/** Puts the receiver back to its copy. */
export function restore({ receiver }: System): Promise<void> {
  return withClient(receiver.databaseUrl, async (db) => {
    await db.query('truncate delivery, subject')
    await db.query('insert into delivery overriding system value select * from delivery_copy')
    await db.query('insert into subject select * from subject_copy')
  })
}
