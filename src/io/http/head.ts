import { TitianError } from '../../domain/error.ts'

/** What of a request is looked at before anything else. */
export type Head = { httpVersion: string; url?: string | undefined; rawHeaders: readonly string[] }

/** Fields of which Node keeps the first and drops the others: two of them are two meanings. */
const SINGLE = ['host', 'authorization', 'content-type', 'content-length', 'idempotency-key']
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._~%!$&'()*+,;=-]*)(?::[0-9]*)?$/i

/** What makes a head unreadable whatever the route, as an error to throw; undefined when it can be read. */
export function faultOfHead({ httpVersion, url, rawHeaders }: Head): TitianError | undefined {
  const values = (name: string) =>
    rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
  for (const name of SINGLE) if (values(name).length > 1) return badHeader(name, 'repeated')
  const [host] = values('host')
  if (host === undefined && httpVersion === '1.1') return badHeader('host', 'required')
  if (host !== undefined && !HOST.test(host.trim())) return badHeader('host', 'pattern')
  const codings = values('transfer-encoding').join(',').toLowerCase().split(',')
  if (codings.some((coding) => !['', 'chunked'].includes(coding.trim()))) return new TitianError('coding-unknown')
  const expected = values('expect').map((value) => value.trim().toLowerCase())
  if (httpVersion === '1.1' && expected.some((value) => value !== '100-continue'))
    return new TitianError('expectation-failed')
  // No text of ours holds a NUL, and PostgreSQL can store none.
  if (/%00/.test(url ?? '')) return new TitianError('bad-request', 'a NUL is no character of an address')
  return undefined
}

function badHeader(name: string, code: string): TitianError {
  return new TitianError('bad-request', undefined, { places: [{ pointer: `/headers/${name}`, code }] })
}
