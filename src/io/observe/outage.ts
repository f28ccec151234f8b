import type { ErrorCode } from '../../domain/error.ts'

/**
 * SQLSTATE classes and codes that speak of the server, or of who else is at work there (PostgreSQL manual, appendix A).
 * Whatever is not here may be the fault of a record: class 22 (data), 23 (constraints), 54 (too complex).
 */
const SQLSTATES = [
  '08', // connection lost
  '0A000', // a plan made before a migration
  '25006', // read-only transaction: a standby, or a server set read-only
  '25P02', // what follows in a transaction that failed
  '25P03', // ended: idle in a transaction
  '25P04', // ended: transaction timeout
  '28', // not let in: a password or pg_hba was changed
  '3D000', // the database is gone
  '3F000', // the schema is gone
  '40', // rolled back: serialization failure, deadlock
  '42501', // no right: grants were changed
  '42703', // no such column: a migration is under way
  '42883', // no such function
  '42P01', // no such table
  '53', // out of disk, memory, connections
  '55', // in use, not available
  '57', // cancelled, shut down, restarting
  '58', // the server's own system: disk errors
  'F0', // its configuration
  'XX001', // damaged data
  'XX002', // damaged index
] as const

/** What Node and its system say when a disk, a network or memory gives out (errno), and how its drivers put it. */
const SYSTEM = new Set([
  'CONNECTION_CLOSED',
  'EACCES',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EDQUOT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EIO',
  'EMFILE',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ENOSPC',
  'ENOTCONN',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'EROFS',
  'ETIMEDOUT',
])

/** Of our own errors, those about servers, keys and settings. */
const OURS = new Set<string>([
  'config-invalid',
  'key-ring-invalid',
  'indexes-moving',
  'keys-outdated',
  'receiver-silent',
  'registry-invalid',
  'server-unsafe',
  'unavailable',
] satisfies ErrorCode[])

// pg, its pool and ioredis give these no code.
const MESSAGES = [
  /^timeout exceeded when trying to connect/,
  /^Connection terminated/,
  /^Client has encountered a connection error/,
  /^Client was closed and is not queryable/,
  /^Cannot use a pool after calling end/,
  /^Connection is closed/,
  /^Stream isn't writeable and enableOfflineQueue/,
  /^The server does not support SSL connections/,
  /^(READONLY|LOADING|OOM|MISCONF|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|NOPERM|WRONGPASS) /,
]

// TLS and certificates: `ERR_TLS_…`, `ERR_SSL_…`, `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT` …
const TLS = /^(ERR_(TLS|SSL)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/**
 * Whether an error means "what we depend on is away, full, changed or busy: try again", whoever asked and for what. It never
 * counts against a chunk, and a request that meets it is answered 503.
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (typeof code === 'string') {
    const isState = /^[0-9A-Z]{5}$/.test(code) && SQLSTATES.some((known) => code.startsWith(known))
    if (isState || SYSTEM.has(code) || OURS.has(code) || TLS.test(code)) return true
  }
  if (MESSAGES.some((known) => known.test(error.message))) return true
  return cause instanceof Error && cause !== error && isOutage(cause)
}
