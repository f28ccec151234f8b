import { TitianError } from '../../domain/error.ts'

/**
 * The address that others know the gateway by, as tokens and metadata name it: without a slash at its end, so that a path can be
 * appended. A path of its own is for a proxy that serves other things too. Throws `config-invalid` on anything but http(s).
 */
export function publicUrlOf(
  given: string | undefined,
  { host, port, isTls = false }: { host: string; port: number; isTls?: boolean },
): string {
  const text = given ?? `http${isTls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const url = URL.parse(text)
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (!isPlain || !['http:', 'https:'].includes(url.protocol))
    throw new TitianError('config-invalid', 'PUBLIC_URL must be an http or https address without query and password')
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** The path of a public address, without a slash at its end: empty where the gateway has an address for itself. */
export function basePathOf(publicUrl: string): string {
  return new URL(publicUrl).pathname.replace(/\/+$/, '')
}

/** Where a client finds the metadata of an issuer with a path: the well-known part goes before the path (RFC 8414, 3.1). */
export function metadataPaths(issuer: string): string[] {
  const path = basePathOf(issuer)
  return [
    '/.well-known/oauth-authorization-server',
    ...(path === '' ? [] : [`/.well-known/oauth-authorization-server${path}`]),
  ]
}
