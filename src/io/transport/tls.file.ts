import { X509Certificate } from 'node:crypto'
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Server } from 'node:tls'
import { createSecureContext } from 'node:tls'
import { TitianError } from '../../domain/error.ts'

/** Files of a listener's certificate chain and private key (PEM), and whether callers are asked for a certificate of theirs. */
export type TlsSettings = { TLS_CERT_FILE?: string; TLS_KEY_FILE?: string; TLS_CLIENT_CERTIFICATES: boolean }

type Pair = { cert: Buffer; key: Buffer }
const LOOK_MS = 2000

/**
 * Options of a TLS listener, or undefined where no files are named. Throws `config-invalid` when they cannot be used. A caller's
 * certificate is asked for and not judged here: clients are registered by thumbprint, whoever signed.
 */
export function tlsOptions(settings: TlsSettings) {
  const files = filesOf(settings)
  if (files === undefined) return undefined
  const asked = settings.TLS_CLIENT_CERTIFICATES
  return { ...readPair(files), minVersion: 'TLSv1.2' as const, requestCert: asked, rejectUnauthorized: false }
}

/** Where it is told what became of a changed certificate. */
export type CertificateLog = { info(facts: object, text: string): void; error(facts: object, text: string): void }

/**
 * Takes a changed certificate into use without a restart, from `watch` to `unwatch`; a pair that cannot be used is told in the log,
 * and the old one stays. Nothing is watched where no files are named. `kept` is what else belongs to the context.
 */
export function renewingCertificate(
  server: unknown,
  settings: TlsSettings,
  log: CertificateLog,
  kept: { ca?: Buffer } = {},
) {
  const files = filesOf(settings)
  const paths = files === undefined ? [] : Object.values(files)
  const renew = () => {
    if (files === undefined) return
    try {
      ;(server as Server).setSecureContext({ ...kept, ...readPair(files) })
      log.info({ file: files.cert }, 'the certificate was read anew')
    } catch (error) {
      if (!(error instanceof TitianError)) throw error
      log.error({ fault: error.message }, 'the changed certificate cannot be used: the old one stays')
    }
  }
  return {
    watch(): void {
      // By its time, not by events: what mounts secrets exchanges a link above the file.
      for (const path of paths) watchFile(path, { persistent: false, interval: LOOK_MS }, renew)
    },
    unwatch(): void {
      for (const path of paths) unwatchFile(path, renew)
    },
  }
}

function filesOf({ TLS_CERT_FILE: cert, TLS_KEY_FILE: key }: TlsSettings): { cert: string; key: string } | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert === undefined || key === undefined)
    throw new TitianError('config-invalid', 'TLS_CERT_FILE and TLS_KEY_FILE are named together, or neither is')
  return { cert, key }
}

function readPair(files: { cert: string; key: string }): Pair {
  try {
    const pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) }
    createSecureContext(pair)
    if (new X509Certificate(pair.cert).validToDate > new Date()) return pair
  } catch (cause) {
    throw new TitianError('config-invalid', `${files.cert} and its key cannot be used for TLS`, { cause })
  }
  throw new TitianError('config-invalid', `the certificate in ${files.cert} has ended`)
}
