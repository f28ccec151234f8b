import { TitianError } from '../domain/error.ts'
import { createDigestCheck, type DigestCheck, parseContentDigest } from '../trust/signatures/digest.ts'

/** A digest that the head of an upload promises, with the header that does. */
export type PromisedDigest = { header: string; check: DigestCheck }

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Of a body that is sent whole the two are the same: a content coding belongs to the representation (RFC 9530, 3). */
const CHECKED = ['content-digest', 'repr-digest']
/** Forms that RFC 9530 and RFC 7231 have ended; who sends one wants it checked. */
const OBSOLETE = ['digest', 'content-md5']

/** The digests to check while the body streams by; throws `digest-invalid` for one that would go unchecked. */
export function readDigests(headers: Headers): PromisedDigest[] {
  for (const header of OBSOLETE) {
    if (headers[header] !== undefined) throw unchecked(header, 'obsolete', `${header} is obsolete: send content-digest`)
  }
  const announced = String(headers.trailer ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
  refuseTrailers(announced)
  return CHECKED.flatMap((header) => {
    const given = headers[header]
    if (given === undefined) return []
    const expected = parseContentDigest(String(given))
    if (expected === undefined) throw unchecked(header, 'malformed', `${header} cannot be read`)
    return [{ header, check: createDigestCheck(expected) }]
  })
}

/** Throws `digest-invalid` when the fields behind a body promise a digest: it is looked for before the body only. */
export function refuseTrailers(names: readonly string[]): void {
  const digest = names.find((name) => [...CHECKED, ...OBSOLETE].includes(name))
  if (digest !== undefined)
    throw unchecked('trailer', 'digest', `${digest} in a trailer is not checked: send it as a header`)
}

/** Compares what was promised with what came; throws `digest-mismatch` with the header that does not fit. */
export function compareDigests(promised: readonly PromisedDigest[]): void {
  const wrong = promised.find(({ check }) => !check.matches())
  if (wrong === undefined) return
  throw new TitianError('digest-mismatch', `${wrong.header} is not that of the body`, {
    places: [{ pointer: `/headers/${wrong.header}`, code: 'mismatch' }],
  })
}

function unchecked(header: string, code: string, message: string): TitianError {
  return new TitianError('digest-invalid', message, { places: [{ pointer: `/headers/${header}`, code }] })
}
