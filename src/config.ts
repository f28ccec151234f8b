import { envSchema } from 'env-schema'
import Type, { type Static, type TProperties } from 'typebox'
import { TitianError } from './domain/error.ts'
import { proxySettings } from './io/proxy.ts'

const text = (description: string, options = {}) => Type.String({ description, ...options })
const optional = (description: string) => Type.Optional(Type.String({ description, minLength: 1 }))
const count = (description: string, standard: number, maximum?: number) =>
  Type.Integer({ description, default: standard, minimum: 1, ...(maximum === undefined ? {} : { maximum }) })
const flag = (description: string, standard: boolean) => Type.Boolean({ description, default: standard })

/** Settings that are secrets: never shown. Passwords in addresses are masked besides. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set(['KEYS', 'RECEIVER_TOKEN'])

/** Every setting, read once at the start; docs/operations/settings.md is made from this. */
export const SETTINGS = {
  DATABASE_URL: optional(
    'PostgreSQL of the gateway, as the application’s role; `titian up` sets it for the embedded server',
  ),
  DATABASE_OWNER_URL: optional(
    'the same database as the owner of the tables, for `titian migrate`, past any pooler in transaction mode: it keeps a lock for its session; else DATABASE_URL',
  ),
  DATABASE_SESSION_URL: optional(
    'the same database past a pooler in transaction mode, for queues in PostgreSQL, which listen; everything else of gateway and workers may go through one; else DATABASE_URL',
  ),
  DATABASE_CONNECTIONS: count(
    'connections that one process works with, at most; its queues and its sweeper have their own',
    10,
    500,
  ),
  REDIS_URL: optional(
    'Redis for the queues; without it they lie in PostgreSQL. With sentinels or a cluster its user, password, database and `rediss:` count',
  ),
  REDIS_SENTINELS: optional('Redis Sentinels as host:port by commas: they name the master, also after a failover'),
  REDIS_MASTER: text('name under which the sentinels watch the master', { default: 'titian', minLength: 1 }),
  REDIS_SENTINEL_PASSWORD: optional('password of the sentinels themselves, where they want one'),
  REDIS_CLUSTER: optional('some nodes of a Redis Cluster as host:port by commas; the others are asked for'),
  HOST: text('address that the gateway listens on', { default: '127.0.0.1' }),
  PORT: Type.Integer({ description: 'port that the gateway listens on', default: 8080, minimum: 0, maximum: 65535 }),
  PUBLIC_URL: optional(
    'address that others know the gateway by, also with a path: issuer and audience of its tokens; else host and port',
  ),
  TLS_CERT_FILE: optional('certificate chain (PEM) of the gateway’s listener; read anew when it changes'),
  TLS_KEY_FILE: optional('private key (PEM) of that certificate'),
  TLS_CLIENT_CERTIFICATES: flag('whether callers are asked for a certificate, by which clients may be known', false),
  TRUST_PROXY: optional(
    'addresses or networks of proxies, by commas, whose X-Forwarded-For says where a request came from: `10.1.2.3, 10.9.0.0/16`',
  ),
  CREDENTIAL_HEADER: Type.Optional(
    Type.String({
      description:
        'header in which a service bus (SPLP) passes the caller’s own credential on, in place of Authorization; wanted with CREDENTIAL_PROXIES',
      pattern: '^[Xx]-[A-Za-z0-9-]{1,60}$',
    }),
  ),
  CREDENTIAL_PROXIES: optional(
    'addresses or networks of that bus, by commas: from anybody else the header says nothing',
  ),
  CLEAR_TEXT: Type.Optional(
    Type.String({
      description:
        'what may go unencrypted over a network that is yours alone, by commas: `listener` (behind a proxy with TLS), `postgres`, `redis`, `receiver`; else such a start is refused',
      pattern: '^ *(listener|postgres|redis|receiver)( *, *(listener|postgres|redis|receiver))* *$',
    }),
  ),
  KEYS_FILE: optional('key ring file, made by `titian keys init`, readable by its owner only'),
  KEYS: optional('the key ring itself as JSON, instead of KEYS_FILE'),
  KEYS_PKCS11_MODULE: optional(
    'PKCS#11 library of the token that the key ring is under (`titian keys wrap`), as `/usr/lib/softhsm/libsofthsm2.so`',
  ),
  KEYS_PKCS11_PIN_FILE: optional('file with the PIN of that token’s user, readable by its owner only'),
  TITIAN_REGISTRY: optional('folder of more datasets and platforms, laid over the built-in registry'),
  DOCS_PUBLIC: flag('whether /docs is open; else it wants the ops scope', false),
  SECURITY_CONTACT: Type.Optional(
    Type.String({
      description: 'whom to tell of a weakness, for `/.well-known/security.txt`: `mailto:`, `https:` or `tel:`',
      pattern: '^(mailto:|https://|tel:)[!-~]{3,500}$',
    }),
  ),
  WITNESS_KEYS_FILE: optional(
    'verifier keys of those who cosign checkpoints of the audit log (C2SP signed-note), one a line',
  ),
  AUDIT_STOP_HOURS: count(
    'hours without a signed checkpoint of the audit log after which nothing new is taken in',
    24,
    720,
  ),
  ISSUERS_FILE: optional(
    'other issuers whose access tokens count, and which client each of their callers is: a list in JSON (docs/how-to/callers.md)',
  ),
  TOKEN_SECONDS: count('life of an access token', 300, 3600),

  CONSOLE_PORT: Type.Optional(
    Type.Integer({
      description:
        'port of a listener of its own for the console: then /console is on no other one, and the API is not on this one. None: both are on PORT',
      minimum: 0,
      maximum: 65535,
    }),
  ),
  CONSOLE_HOST: optional('address that the listener of the console listens on; else HOST'),
  CONSOLE_URL: optional(
    'address that persons know the console by, where it has a listener of its own; else its host and port',
  ),
  CONSOLE_IDLE_MINUTES: count('minutes without a request after which a session at the console ends', 30, 1440),
  CONSOLE_SESSION_HOURS: count('hours after which a session at the console ends in any case', 10, 168),
  OIDC_ISSUER: optional(
    'OpenID Connect provider at which persons may sign in to the console, besides accounts of ours',
  ),
  OIDC_CLIENT_ID: optional(
    'how the gateway is known at that provider; its redirect URI ends in `/console/oidc/callback`',
  ),
  OIDC_CLIENT_SECRET_FILE: optional('file of its secret there'),
  OIDC_ROLES_CLAIM: text('claim that says what a person is', { default: 'roles', minLength: 1 }),
  OIDC_ROLES: optional(
    'which word of that claim is which role, by commas: `gerbang-ops=ops, wali-data=steward`; else the words are the roles',
  ),

  BODY_BYTES: count('one upload as it is sent, at most', 8 * 1024 ** 3),
  UNPACKED_BYTES: count('one upload unpacked, at most', 32 * 1024 ** 3),
  UNPACKED_RATIO: count('how many times its size an upload may unpack to, beyond the first 10 MB', 200),
  LINE_BYTES: count('one source record, at most', 1024 ** 2),
  CHUNK_RECORDS: count('source records in one chunk, at most', 2000),
  CHUNK_BYTES: count('source bytes in one chunk, at most', 1024 ** 2),
  OPEN_BATCHES: count('unsettled batches of one platform, at most; one more is refused with 429', 100),
  STRICT_RECORDS: count(
    'source records of a strict batch, at most: they are linked in one transaction',
    10_000,
    50_000,
  ),
  UPLOADS: count('uploads of one platform at the same time, at most', 8),
  WORKBOOKS: count(
    'workbooks (XLSX) that one gateway reads at the same time, at most, one of each platform; each takes up to 128 MB',
    2,
  ),
  REQUESTS_PER_MINUTE: count('requests of one client in a minute, at most, at each gateway process', 12_000),
  SLOW_SECONDS: count('how long a body may come slower than 100 bytes a second before it is cut', 60, 3600),
  UPLOAD_STALE_MINUTES: count('after how many silent minutes a broken-off upload is discarded', 10),

  RESUMABLE_UPLOADS: count('unfinished resumable uploads of one platform, at most', 20),
  RESUMABLE_BYTES: count(
    'bytes that the unfinished resumable uploads of one platform announce, at most',
    32 * 1024 ** 3,
  ),
  RESUMABLE_HOURS: count('after how many silent hours an unfinished resumable upload is discarded', 24),
  SUBMISSION_HOURS: count('after how many silent hours an open submission is discarded', 24),

  CONCURRENCY: count('chunks that one worker process works at the same time, in each stage and lane', 1, 64),
  LANES: Type.Union([Type.Literal('both'), Type.Literal('usual'), Type.Literal('short')], {
    description:
      'which chunks a worker process takes: `short` ones are small and the only one of their platform in work; a process of their own answers small batches at once beside long chunks',
    default: 'both',
  }),
  WINDOW: count(
    'chunks of one platform in the queues at the same time, at most, and as many again that call the receiver',
    8,
  ),
  LEASE_SECONDS: count('how long a worker may be silent before its chunk is taken over', 30),
  DISPATCH_SECONDS: count('how long a dispatched chunk may stay unclaimed before it is dispatched again', 30),
  BUSY_SECONDS: count('how long an event loop may be busy without a break before its process is ended', 60, 3600),
  STUCK_SECONDS: count(
    'how long a process may be at one chunk or one sweep; one that takes longer counts as stuck, says so on `/livez` and is ended',
    3600,
    86_400,
  ),
  ENTRY_SECONDS: count('how long cleaning one source record may take; one that takes longer is held', 8, 300),
  CLEANING_MB: count('room in megabytes for the thread that cleans source records', 1024, 65536),
  POISON_CLAIMS: count('claims without progress after which a chunk is cut in two', 3),

  FOUR_EYES: flag('whether every review and unmerge is decided only when a second steward says the same', false),
  FOUR_EYES_RECORDS: count(
    'source records of the persons concerned, together, from which a merge or an unmerge wants a second steward even without FOUR_EYES',
    5,
    1_000_000,
  ),

  RETENTION_DAYS: count('days after settling that sealed batches and deliveries are kept; held entries stay', 30),

  FORWARD: Type.Union([Type.Literal('push'), Type.Literal('pull')], {
    description: 'whether deliveries are pushed to the receiver or wait to be pulled',
    default: 'push',
  }),
  RECEIVER_URL: optional(
    'BPS’s receiver (openapi/receiver.yaml); wanted when FORWARD is push. The stand-in takes only what is signed for it',
  ),
  RECEIVER_SECONDS: count('total time for one call of the receiver', 30),
  RECEIPTS: Type.Union([Type.Literal('any'), Type.Literal('signed')], {
    description: 'whether a receipt of BPS counts without a signature, or only when it is signed',
    default: 'any',
  }),
  RECEIPT_KEYS_FILE: optional(
    'JWKS file of the keys that BPS signs its receipts with; without it no signature is looked at',
  ),

  WEBHOOK_SECONDS: count('total time for one call of a webhook', 15, 60),
  WEBHOOK_NETWORKS: optional(
    'networks in CIDR, by commas, that webhooks may reach although they are not public, also by plain http: `10.20.0.0/16`',
  ),

  HTTPS_PROXY: optional('proxy through which https addresses are called; this machine never is'),
  HTTP_PROXY: optional('proxy through which http addresses are called; this machine never is'),
  NO_PROXY: optional('hosts that are called directly all the same, by commas'),

  RECEIVER_HOST: text('stand-in: address that it listens on', { default: '127.0.0.1' }),
  RECEIVER_PORT: Type.Integer({
    description: 'stand-in: port that it listens on',
    default: 8090,
    minimum: 0,
    maximum: 65535,
  }),
  RECEIVER_DATABASE_URL: optional('stand-in: its own PostgreSQL database'),
  RECEIVER_KEYS_URL: optional('stand-in: where it finds the gateway’s public keys (JWKS)'),
  RECEIVER_TOKEN: optional('stand-in: bearer token for its counts and journal'),
  RECEIVER_KEY_FILE: optional('stand-in: its private Ed25519 key as a JWK; with it, it signs its receipts'),
  RECEIVER_MISBEHAVE: flag('stand-in: accept POST /misbehave, for tests', false),

  METRICS_HOST: text('address that a process answers Prometheus on', { default: '127.0.0.1' }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      description:
        'port of `/metrics`, without a token, of each gateway, worker and stand-in; 0 takes a free one, none is no listener. `titian up` counts up from it, or takes free ones',
      minimum: 0,
      maximum: 65535,
    }),
  ),

  METRICS_TLS_CERT_FILE: optional('certificate chain (PEM) of the listener for Prometheus; read anew when it changes'),
  METRICS_TLS_KEY_FILE: optional('private key (PEM) of that certificate'),
  METRICS_CLIENT_CA_FILE: optional(
    'certificates (PEM) of who signs those of Prometheus: with it, only who shows such a one is answered',
  ),

  ALERT_WEBHOOK: optional('address that alerts are posted to as JSON, for who has no Prometheus'),
  ALERT_SMTP: optional('mail server that alerts are mailed through: `smtp://user:password@host:587`, or `smtps://`'),
  ALERT_FROM: optional('sender of these mails; wanted with ALERT_SMTP'),
  ALERT_TO: optional('whom alerts are mailed to, by commas; wanted with ALERT_SMTP'),
  ALERT_REPEAT_HOURS: count('after how many hours an alert that goes on is told again', 12, 720),
  ALERTS_PER_HOUR: count('messages about alerts in an hour, at most; what is left waits for the next', 10, 1000),

  LOG_LEVEL: Type.Union(
    (['debug', 'info', 'warn', 'error', 'silent'] as const).map((level) => Type.Literal(level)),
    { description: 'what is logged', default: 'info' },
  ),
  WAL_ARCHIVE: optional(
    'folder, on another disk, that the PostgreSQL of `titian up` archives its WAL to: with `titian backup --base` it can be brought back to any moment',
  ),
  LOG_FILE: optional('file that the log is written to; else standard error'),
  POISON_AT: optional(
    'a source record that holds a text never ends (`burn:TEXT`) or takes all memory (`eat:TEXT`), for tests',
  ),
  CRASH_AT: optional('kills the process at a named point, for tests: `link:before-commit:3` is the third pass'),
} satisfies TProperties

// A small file may well shrink to a thousandth: only what is large is suspect.
const RATIO_FROM_BYTES = 10_000_000

const Settings = Type.Object(SETTINGS)
/** All settings under the names of their environment variables; frozen. */
export type Config = Readonly<Static<typeof Settings>>

/** Settings by their earlier names: an installation that still gives one is told, lest it run on the default unsaid. */
const RENAMED: Readonly<Record<string, keyof typeof SETTINGS>> = { RING_SECONDS: 'DISPATCH_SECONDS' }

/** Reads the settings out of an environment; throws `config-invalid` with the names of those that do not fit. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  for (const [before, now] of Object.entries(RENAMED)) {
    if (env[before]) throw new TitianError('config-invalid', `${before} is called ${now} now`)
  }
  const given = Object.entries({ ...env, ...proxySettings(env) }).filter(
    ([name, value]) => name in SETTINGS && value !== undefined && value !== '',
  )
  try {
    return Object.freeze(
      envSchema<Static<typeof Settings>>({ schema: Settings, data: Object.fromEntries(given), env: false }),
    )
  } catch (cause) {
    const what = cause instanceof Error ? cause.message.replace(/^env\/?/, '') : 'settings cannot be read'
    throw new TitianError('config-invalid', what, { cause })
  }
}

/** What one upload may hold, packed and unpacked, and how it is cut into chunks. */
export function uploadLimits(config: Config) {
  return {
    packedBytes: config.BODY_BYTES,
    unpackedBytes: config.UNPACKED_BYTES,
    ratio: config.UNPACKED_RATIO,
    ratioFrom: RATIO_FROM_BYTES,
    recordBytes: config.LINE_BYTES,
    records: config.CHUNK_RECORDS,
    bytes: config.CHUNK_BYTES,
    openBatches: config.OPEN_BATCHES,
    uploads: config.UPLOADS,
    submissionHours: config.SUBMISSION_HOURS,
    resumableHours: config.RESUMABLE_HOURS,
    open: { count: config.RESUMABLE_UPLOADS, bytes: config.RESUMABLE_BYTES },
    strictRecords: config.STRICT_RECORDS,
    auditHours: config.AUDIT_STOP_HOURS,
  }
}
