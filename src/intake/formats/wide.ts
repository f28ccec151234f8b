/** Encodings of two bytes a sign; a text in one is turned into UTF-8 before it is cut. */
export type WideEncoding = 'utf-16le' | 'utf-16be'

/** Whether a file is UTF-16: by its mark, or since every other byte of its first letters is zero. */
export function wideEncoding(head: Buffer): WideEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  if (head.length < 4) return undefined
  const isZero = (at: number) => head[at] === 0 && head[at + 2] === 0 && head[at + 1] !== 0
  return isZero(0) ? 'utf-16be' : isZero(1) ? 'utf-16le' : undefined
}

/**
 * Turns UTF-16 into UTF-8 as it streams, its mark included. Half a pair of surrogates becomes bytes that are no valid UTF-8, so that its line
 * is refused and not repaired.
 */
export async function* narrowed(bytes: AsyncIterable<Buffer>, encoding: WideEncoding): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of bytes) {
    const all = Buffer.concat([rest, piece])
    const end = wholeEnd(all, encoding)
    rest = all.subarray(end)
    if (end > 0) yield toUtf8(all.subarray(0, end), encoding)
  }
  // An odd byte at the end is no sign: it stays as what it is, and is refused as such.
  if (rest.length >= 2) yield toUtf8(rest.subarray(0, rest.length & ~1), encoding)
  if (rest.length % 2 === 1) yield NO_UTF8
}

const NO_UTF8 = Buffer.from([0xff])
const LOW_BYTE = { 'utf-16le': 1, 'utf-16be': 0 } as const

/** Where the last whole sign ends: a pair is not cut in two. */
function wholeEnd(bytes: Buffer, encoding: WideEncoding): number {
  const end = bytes.length & ~1
  const high = bytes[end - 2 + LOW_BYTE[encoding]] ?? 0
  return end >= 2 && high >= 0xd8 && high <= 0xdb ? end - 2 : end
}

function toUtf8(bytes: Buffer, encoding: WideEncoding): Buffer {
  const little = encoding === 'utf-16le' ? bytes : Buffer.from(bytes).swap16()
  const text = little.toString('utf16le')
  if (text.isWellFormed()) return Buffer.from(text)
  // Lone surrogates are written as three bytes, which no decoder of UTF-8 takes.
  return Buffer.concat(
    text.split(/(\p{Surrogate})/u).map((part) => {
      const unit = part.length === 1 ? part.charCodeAt(0) : 0
      const isLone = unit >= 0xd800 && unit <= 0xdfff
      return isLone ? Buffer.from([0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]) : Buffer.from(part)
    }),
  )
}
