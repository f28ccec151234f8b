/** Id and secret of an `Authorization: Basic` header, form-decoded as RFC 6749, 2.3.1 asks; undefined when unreadable. */
export function parseBasic(header: string): { id: string; secret: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const [id, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':')
  if (id === undefined || rest.length === 0) return undefined
  try {
    return { id: formDecoded(id), secret: formDecoded(rest.join(':')) }
  } catch {
    return undefined
  }
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
