import type { PoolClient } from 'pg'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { NamedTrouble } from './troubles.ts'

/** An alert as it stands: `ended` when it does not hold any more. */
export type Alert = { name: string; of: string; value: number; since: Date; ended: boolean }

/** Lets one process look and tell at a time, until its transaction ends; false when another one does. */
export async function tryLockAlerts(tx: PoolClient): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('titian alerts')) as mine`,
  )
  return rows[0]?.mine === true
}

/** Keeps what is wrong now: what is new begins, what is gone ends; what came back before its end was told goes on. */
export async function noteTroubles(tx: PoolClient, troubles: readonly NamedTrouble[]): Promise<void> {
  const names = troubles.map(({ name }) => name)
  const subjects = troubles.map(({ of }) => of)
  const values = troubles.map(({ value }) => value)
  await tx.query(sql`
    insert into alert as a (name, subject, value)
    select * from unnest(${names}::text[], ${subjects}::text[], ${values}::float8[])
    on conflict (name, subject) do update set value = excluded.value,
      since = case when a.ended_at is null then a.since else now() end, ended_at = null, told_end = false`)
  await tx.query(sql`
    update alert a set ended_at = now()
    where ended_at is null and not exists (
      select from unnest(${names}::text[], ${subjects}::text[]) as n (name, subject)
      where n.name = a.name and n.subject = a.subject)`)
  await tx.query(sql`delete from alert where ended_at is not null and (told_at is null or told_end)`)
}

/**
 * Takes what is to be told for a minute: what has held for its minutes and was never told, or is due to be told again, and what
 * ended after it was told. Nothing that is silenced, and nothing when so many messages went out within the last hour.
 */
export async function takeDue(
  tx: PoolClient,
  minutes: ReadonlyMap<string, number>,
  { repeatHours, perHour }: { repeatHours: number; perHour: number },
): Promise<Alert[]> {
  const { rows } = await tx.query<Alert>(sql`
    update alert a set telling_until = now() + interval '1 minute'
    from unnest(${[...minutes.keys()]}::text[], ${[...minutes.values()]}::integer[]) as m (name, minutes)
    where m.name = a.name and (a.telling_until is null or a.telling_until < now())
      and (select count(*) from alert_message where sent_at > now() - interval '1 hour') < ${perHour}
      and not exists (
        select from alert_silence s where s.name = a.name and s.subject in ('', a.subject) and s.until > now())
      and case when a.ended_at is not null then a.told_at is not null and not a.told_end
        when a.told_at is null then a.since <= now() - make_interval(mins => m.minutes)
        else a.told_at < now() - make_interval(hours => ${repeatHours}) end
    returning a.name, a.subject as of, a.value, a.since, a.ended_at is not null as ended`)
  return rows
}

/** Says that alerts were told by one message, or, where no way took it, that they are still to be told. */
export async function noteTold(db: Db, alerts: readonly Alert[], isTold: boolean): Promise<void> {
  const names = alerts.map(({ name }) => name)
  const subjects = alerts.map(({ of }) => of)
  const ends = alerts.map(({ ended }) => (ended ? 1 : 0))
  await db.query(sql`
    with told as (
      update alert a set telling_until = null,
        told_at = case when ${isTold} then now() else told_at end, told_end = told_end or (${isTold} and g.ended = 1)
      from unnest(${names}::text[], ${subjects}::text[], ${ends}::integer[]) as g (name, subject, ended)
      where a.name = g.name and a.subject = g.subject),
    old as (delete from alert_message where sent_at < now() - interval '1 day')
    insert into alert_message (sent_at) select clock_timestamp() where ${isTold}`)
}

/** All alerts that hold, with the end of their silence. */
export async function selectAlerts(db: Db): Promise<(Alert & { told: Date | null; silentUntil: Date | null })[]> {
  const { rows } = await db.query<Alert & { told: Date | null; silentUntil: Date | null }>(sql`
    select a.name, a.subject as of, a.value, a.since, a.ended_at is not null as ended, a.told_at as told,
      (select max(s.until) from alert_silence s
       where s.name = a.name and s.subject in ('', a.subject) and s.until > now()) as "silentUntil"
    from alert a where a.ended_at is null order by a.since, a.name, a.subject`)
  return rows
}

/** Silences an alert for so many hours, of one subject or (empty) of all; 0 hours end the silence. */
export async function silenceAlert(
  db: Db,
  { name, of, hours, by, reason }: { name: string; of: string; hours: number; by: string; reason: string },
): Promise<void> {
  await db.query(sql`
    insert into alert_silence (name, subject, until, silenced_by, reason)
    values (${name}, ${of}, now() + make_interval(hours => ${hours}), ${by}, ${reason})
    on conflict (name, subject) do update
    set until = excluded.until, silenced_by = excluded.silenced_by, reason = excluded.reason`)
}
