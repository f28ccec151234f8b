/** What the conditions of a GET or HEAD come to for the representation that it would get. */
type Precondition = 'send' | 'not-modified' | 'failed'

type ConditionalHeaders = { 'if-match'?: string | undefined; 'if-none-match'?: string | undefined }

/**
 * Weighs `If-Match` and `If-None-Match` against the entity tag of what would be sent (RFC 9110, 13.2.2): the first compares
 * strongly, the second weakly; both take a list or `*`.
 */
export function preconditionOf(headers: ConditionalHeaders, etag: string): Precondition {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  if (match !== undefined && match.trim() !== '*' && !(tagsOf(match).includes(etag) && !etag.startsWith('W/')))
    return 'failed'
  if (noneMatch === undefined) return 'send'
  const isKnown = noneMatch.trim() === '*' || tagsOf(noneMatch).some((tag) => opaque(tag) === opaque(etag))
  return isKnown ? 'not-modified' : 'send'
}

/** The entity tags of a list, up to the first place that is none. */
function tagsOf(header: string): string[] {
  const found: string[] = []
  const tag = /[\s,]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")\s*(?=,|$)/y
  for (let hit = tag.exec(header); hit !== null; hit = tag.exec(header)) found.push(hit[1] ?? '')
  return found
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '')
}
