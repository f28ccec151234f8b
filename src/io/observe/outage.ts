// SQLSTATE classes and codes that speak of the server, not of the statement (PostgreSQL manual, appendix A).
const CLASSES = ['08', '53', '57P']
const CODES = new Set([
  '25006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'CONNECTION_CLOSED',
])
// pg gives these no code.
const MESSAGES = new Set([
  'timeout exceeded when trying to connect',
  'Connection terminated unexpectedly',
  'Connection terminated',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
])

/** Whether a database error means "the server is away or full, try again", not a mistake of ours. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return CODES.has(code) || CLASSES.some((known) => code.startsWith(known))
  return MESSAGES.has(error.message)
}
