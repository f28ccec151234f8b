import { isLoopback } from '../proxy.ts'

/** What may carry personal data over a network. */
const CLEAR_PARTS = ['listener', 'postgres', 'redis', 'receiver'] as const
export type ClearPart = (typeof CLEAR_PARTS)[number]

export type Connections = {
  HOST: string
  CONSOLE_HOST?: string
  TLS_CERT_FILE?: string
  DATABASE_URL?: string
  DATABASE_SESSION_URL?: string
  REDIS_URL?: string
  REDIS_SENTINELS?: string
  REDIS_CLUSTER?: string
  RECEIVER_URL?: string
  FORWARD: 'push' | 'pull'
}

/** The parts that would send data unencrypted over a network; `listens` tells whether this process is a gateway. */
export function clearParts(settings: Connections, listens: boolean): ClearPart[] {
  const {
    HOST,
    CONSOLE_HOST = HOST,
    TLS_CERT_FILE,
    DATABASE_URL,
    DATABASE_SESSION_URL,
    RECEIVER_URL,
    FORWARD,
  } = settings
  const isClear: Record<ClearPart, boolean> = {
    listener: listens && TLS_CERT_FILE === undefined && !(isLoopback(HOST) && isLoopback(CONSOLE_HOST)),
    postgres: [DATABASE_URL, DATABASE_SESSION_URL].some((url) => url !== undefined && isPostgresClear(url)),
    redis: isRedisClear(settings),
    receiver: FORWARD === 'push' && RECEIVER_URL !== undefined && isClearUrl(RECEIVER_URL, ['https:']),
  }
  return CLEAR_PARTS.filter((part) => isClear[part])
}

/** The parts that CLEAR_TEXT names; a word that is none is refused by the schema of the settings. */
export function allowedParts(text: string | undefined): ClearPart[] {
  const words = (text ?? '').split(',').map((word) => word.trim())
  return CLEAR_PARTS.filter((part) => words.includes(part))
}

/** One sentence about the parts that are neither encrypted nor allowed to be; undefined when there is none. */
export function clearTextFault(parts: readonly ClearPart[], allowed: readonly ClearPart[]): string | undefined {
  const refused = parts.filter((part) => !allowed.includes(part))
  if (refused.length === 0) return undefined
  return `personal data would go unencrypted over a network (${refused.join(', ')}): ${refused.map((part) => REMEDIES[part]).join('; ')}; or, on a network that is yours alone, name them in CLEAR_TEXT`
}

const REMEDIES: Record<ClearPart, string> = {
  listener: 'set TLS_CERT_FILE and TLS_KEY_FILE',
  postgres: 'add sslmode=verify-full to DATABASE_URL, and to DATABASE_SESSION_URL where it is set',
  redis: 'use rediss:// in REDIS_URL, which counts for sentinels and clusters, too',
  receiver: 'use https:// in RECEIVER_URL',
}

function isClearUrl(text: string, encrypted: readonly string[]): boolean {
  const url = URL.parse(text)
  // What is no address fails where it is called, with a sentence of its own.
  return url !== null && !encrypted.includes(url.protocol) && !isLoopback(url.hostname)
}

/** Whether a Redis is reached in the clear. The protocol of REDIS_URL is that of the hosts behind sentinels or of a cluster as well. */
function isRedisClear({ REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER }: Connections): boolean {
  const watched = [REDIS_SENTINELS, REDIS_CLUSTER].flatMap((list) => list?.split(',') ?? [])
  if (watched.length === 0) return REDIS_URL !== undefined && isClearUrl(REDIS_URL, ['rediss:'])
  if (REDIS_URL?.startsWith('rediss:')) return false
  return watched.some((host) => isClearUrl(`redis://${host.trim()}`, []))
}

/** The driver verifies the server for all modes but two; as libpq has them, for the last two only. */
function isPostgresClear(text: string): boolean {
  const url = URL.parse(text)
  if (url === null) return false
  const query = url.searchParams
  const host = query.get('host') ?? decodeURIComponent(url.hostname)
  if (host === '' || host.startsWith('/') || isLoopback(host)) return false
  const verifying = query.get('uselibpqcompat') === 'true' ? STRICT_MODES : VERIFYING_MODES
  return !verifying.includes(query.get('sslmode') ?? '')
}

const STRICT_MODES = ['verify-ca', 'verify-full']
const VERIFYING_MODES = ['prefer', 'require', ...STRICT_MODES]
