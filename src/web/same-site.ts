/** Where a request arrived: what its `Host` says, whether it came by TLS, and the public address of the gateway. */
export type FormArrival = { host: string | undefined; isTls: boolean; publicUrl: string }

/**
 * Whether an `Origin` is this very site. Where the site is known to be https, a page of the same host over http is a foreign one:
 * anybody on the way could have written it. An https page before an http connection is a proxy's.
 */
export function isSameSite(origin: string, { host, isTls, publicUrl }: FormArrival): boolean {
  const [given, known] = [URL.parse(origin), URL.parse(publicUrl)]
  if (given === null || host === undefined || given.host !== host.toLowerCase()) return false
  const isSecure = isTls || (known?.host === given.host && known.protocol === 'https:')
  return given.protocol === 'https:' || (given.protocol === 'http:' && !isSecure)
}
