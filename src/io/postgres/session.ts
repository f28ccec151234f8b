/**
 * What every session runs under, whatever the server, the database or the role say. Values are as `pg_settings` shows them.
 * Dates and intervals are read by the driver as text, statements are written for read committed and for the schema `public`.
 */
export const SESSION: Readonly<Record<string, string>> = {
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  extra_float_digits: '1',
  search_path: 'public',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  // A pass over a long backlog may take longer than what was set for people; a wait for a lock ends with its holder.
  statement_timeout: '0',
  lock_timeout: '0',
  idle_session_timeout: '0',
  // On by default, and too dear for ours: with it a chunk of four families took 2.3 s to link, without 0.3 s.
  jit: 'off',
}

/** How a driver is told to connect; `options` speaks to the server in the startup packet, so no statement is spent on it. */
export type Address = { connectionString: string; options: string }

/** A database's address with our session settings laid over its own `options`; the driver would let the address's win. */
export function sessionAddress(url: string): Address {
  const [base = '', query] = url.split(/\?(.*)/s)
  const given = new URLSearchParams(query)
  const own = given.get('options') ?? ''
  given.delete('options')
  const flags = Object.entries(SESSION).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`)
  const rest = given.toString()
  return { connectionString: rest ? `${base}?${rest}` : base, options: [own, ...flags].filter(Boolean).join(' ') }
}

/** The first session setting that is not as it must be, as a sentence; undefined when all are. */
export function sessionFault(found: Readonly<Record<string, string>>): string | undefined {
  for (const [name, value] of Object.entries(SESSION)) {
    // A server before version 14 does not know the last of them, and does without.
    const set = found[name.toLowerCase()]
    if (set !== undefined && set !== value)
      return `the session runs with ${name} '${set}' where '${value}' was asked for: let the pooler before PostgreSQL pass on startup options, or set it for the role (deploy/postgres/role-behind-a-pooler.sql)`
  }
  if (found.idle_in_transaction_session_timeout === '0')
    return 'the session runs with idle_in_transaction_session_timeout 0: a process that stops in a commit would hold its locks for ever; set it for the role (deploy/postgres/role-behind-a-pooler.sql)'
  const limit = found.transaction_timeout
  if (limit !== undefined && limit !== '0')
    return `the session runs with transaction_timeout ${limit}: set it to 0 for this role and database`
  return undefined
}
