import { Cluster, Redis } from 'ioredis'
import { TitianError } from '../domain/error.ts'

/** Where Redis is: one server, whatever server the sentinels name as master, or a cluster. */
export type RedisAddress = {
  /** The one server; with sentinels or a cluster only its user, password, database and TLS count. */
  url: string
  sentinels?: { hosts: readonly Host[]; master: string; password?: string | undefined }
  /** Nodes of a Redis Cluster, some of which answer when it is asked for the others. */
  cluster?: readonly Host[]
}

type Host = { host: string; port: number }

/** What of the settings says where Redis is. */
export type RedisSettings = {
  REDIS_URL?: string
  REDIS_SENTINELS?: string
  REDIS_MASTER: string
  REDIS_SENTINEL_PASSWORD?: string
  REDIS_CLUSTER?: string
}

const [SENTINEL_PORT, REDIS_PORT] = [26379, 6379]
// A server that is cut off sends no end: what waits longer than this for an answer connects anew.
const SILENT_MS = 5000
// A listener waits up to ten seconds for a job, by a command that Redis does not answer before.
const LISTENING_MS = 15_000

/** Where the settings say that Redis is; undefined when they name none. Throws `config-invalid` for what cannot be. */
export function redisAddressOf(settings: RedisSettings): RedisAddress | undefined {
  const { REDIS_URL, REDIS_SENTINELS, REDIS_CLUSTER, REDIS_MASTER, REDIS_SENTINEL_PASSWORD } = settings
  if (REDIS_SENTINELS && REDIS_CLUSTER)
    throw new TitianError('config-invalid', 'REDIS_SENTINELS and REDIS_CLUSTER are both set: name one of them')
  if (!REDIS_URL && !REDIS_SENTINELS && !REDIS_CLUSTER) return undefined
  const url = REDIS_URL ?? 'redis://localhost'
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw new TitianError('config-invalid', 'REDIS_URL is no address of Redis: redis://user:password@host:port')
  if (REDIS_CLUSTER && new URL(url).pathname.length > 1 && new URL(url).pathname !== '/0')
    throw new TitianError('config-invalid', 'REDIS_URL names a database: a Redis Cluster has database 0 only')
  return {
    url,
    ...(REDIS_SENTINELS && {
      sentinels: {
        hosts: hostsOf('REDIS_SENTINELS', REDIS_SENTINELS, SENTINEL_PORT),
        master: REDIS_MASTER,
        password: REDIS_SENTINEL_PASSWORD,
      },
    }),
    ...(REDIS_CLUSTER && { cluster: hostsOf('REDIS_CLUSTER', REDIS_CLUSTER, REDIS_PORT) }),
  }
}

/** A connection to Redis beside the queues; it fails rather than waits when Redis is away. */
export function openRedis(address: RedisAddress): Redis | Cluster {
  // The ready check would ask INFO by itself, and hide why it was refused.
  return connect(address, { maxRetriesPerRequest: 0, enableReadyCheck: false, socketTimeout: SILENT_MS }, () => null)
}

/** One connection for all dispatches. Without an offline queue a dispatch fails while Redis is away; with one it would hang. */
export function openProducer(address: RedisAddress): Redis | Cluster {
  return connect(address, { maxRetriesPerRequest: null, enableOfflineQueue: false, socketTimeout: SILENT_MS }, soon)
}

/** A connection that waits for jobs, and is made again as often as it breaks. */
export function openWaiting(address: RedisAddress): Redis | Cluster {
  return connect(address, { maxRetriesPerRequest: null, socketTimeout: LISTENING_MS }, soon)
}

type Manner = {
  maxRetriesPerRequest: 0 | null
  socketTimeout: number
  enableReadyCheck?: boolean
  enableOfflineQueue?: boolean
}

const soon = (attempt: number) => Math.min(100 * attempt, 1000)

function connect(
  { url, sentinels, cluster }: RedisAddress,
  manner: Manner,
  retry: (attempt: number) => number | null,
): Redis | Cluster {
  const common = { ...manner, ...credentialsOf(url), connectTimeout: SILENT_MS }
  const redis = cluster ? openCluster() : sentinels ? openBySentinels(sentinels) : openOne()
  redis.on('error', () => undefined)
  return redis

  function openOne() {
    const { hostname, port } = new URL(url)
    return new Redis({ ...common, host: bare(hostname), port: Number(port || REDIS_PORT), retryStrategy: retry })
  }

  function openBySentinels({ hosts, master, password }: NonNullable<RedisAddress['sentinels']>) {
    return new Redis({
      ...common,
      sentinels: [...hosts],
      name: master,
      retryStrategy: retry,
      sentinelRetryStrategy: retry,
      // A master that is cut off sends no end: the sentinels' word of another one ends the connection to it.
      failoverDetector: true,
      sentinelReconnectStrategy: soon,
      ...(password !== undefined && { sentinelPassword: password }),
    })
  }

  function openCluster() {
    const { enableOfflineQueue = true, enableReadyCheck = true, ...redisOptions } = common
    return new Cluster([...(cluster ?? [])], {
      redisOptions,
      enableOfflineQueue,
      enableReadyCheck,
      clusterRetryStrategy: retry,
      slotsRefreshTimeout: SILENT_MS,
      // A node that went away is seen even by who only waits.
      slotsRefreshInterval: SILENT_MS,
    })
  }
}

function credentialsOf(url: string) {
  const { protocol, username, password, pathname } = new URL(url)
  return {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    ...(protocol === 'rediss:' && { tls: {} }),
  }
}

/** Addresses of IPv6 stand in brackets in a URL, and without them where they are connected to. */
const bare = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1')

function hostsOf(name: string, list: string, standard: number): Host[] {
  return list.split(',').map((one) => {
    const address = `redis://${one.trim()}`
    const { hostname, port, username, pathname } = URL.canParse(address) ? new URL(address) : new URL('redis:///')
    if (hostname === '' || username !== '' || pathname.length > 1)
      throw new TitianError('config-invalid', `${name} wants host:port by commas, such as 10.0.0.1:${standard}`)
    return { host: bare(hostname), port: port === '' ? standard : Number(port) }
  })
}
