import { isAscii, isUtf8 } from 'node:buffer'

export type TextEncoding = 'utf-8' | 'windows-1252'

/** Decodes a range of bytes; undefined when they are not valid in the encoding of the file. */
export type Decoder = (bytes: Buffer, start: number, end: number) => string | undefined

/**
 * A decoder for one file. Where both encodings are allowed and nothing was declared, the first text beyond ASCII decides for
 * the whole file: words of Windows-1252 are practically never valid UTF-8.
 */
export function createDecoder(encodings: readonly TextEncoding[]): Decoder {
  const windows = new TextDecoder('windows-1252')
  let decided = encodings.length === 1 ? encodings[0] : undefined
  return (bytes, start, end) => {
    const slice = bytes.subarray(start, end)
    if (isAscii(slice)) return slice.toString('latin1')
    const utf8 = isUtf8(slice)
    decided ??= utf8 ? 'utf-8' : 'windows-1252'
    if (decided === 'windows-1252') return windows.decode(slice)
    return utf8 ? slice.toString('utf8') : undefined
  }
}

/** The encodings left when the file's head and the request were looked at: a byte order mark and a charset both decide. */
export function encodingsOf(
  allowed: readonly TextEncoding[],
  hasBom: boolean,
  declared: TextEncoding | undefined,
): readonly TextEncoding[] {
  if (hasBom) return ['utf-8']
  return declared === undefined ? allowed : [declared]
}
