/** Whether an `Accept-Encoding` takes zstd (RFC 9110, 12.5.3); a client that says nothing is taken to know none. */
export function acceptsZstd(header: string | undefined): boolean {
  let accepted = false
  for (const part of header?.toLowerCase().split(',') ?? []) {
    const [coding = '', ...params] = part.split(';').map((piece) => piece.trim())
    const isRefused = params.some((param) => /^q=0(\.0{0,3})?$/.test(param))
    if (coding === 'zstd') return !isRefused
    if (coding === '*') accepted = !isRefused
  }
  return accepted
}
