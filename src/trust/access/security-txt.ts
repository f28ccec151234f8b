const MONTHS = 6

/** What `/.well-known/security.txt` says (RFC 9116): whom to tell of a weakness, valid for half a year from a day on. */
export function securityTxt({ contact, address }: { contact: string; address: string }, now: Date): string {
  const expires = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + MONTHS, now.getUTCDate()))
  return [
    `Contact: ${contact}`,
    `Expires: ${expires.toISOString()}`,
    'Preferred-Languages: id, en',
    `Canonical: ${address}/.well-known/security.txt`,
    '',
  ].join('\r\n')
}
