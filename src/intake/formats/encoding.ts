import { isAscii, isUtf8 } from 'node:buffer'

export type TextEncoding = 'utf-8' | 'windows-1252'

/** How the bytes of one line are to be read; `changes` says that its encoding is not that of the file so far. */
export type LineEncoding = { is: TextEncoding | 'ascii'; changes: boolean }

/** Judges a line; the code of a refusal where its bytes are not valid, or may be read in two ways. */
export type EncodingJudge = {
  judge(bytes: Buffer, start: number, end: number): LineEncoding | Doubt
  /** What the lines so far were: of ASCII alone it is UTF-8. */
  seen(): TextEncoding | 'mixed'
}

type Doubt = 'utf8-invalid' | 'encoding-doubtful'

const ASCII: LineEncoding = { is: 'ascii', changes: false }
const UTF8: LineEncoding = { is: 'utf-8', changes: false }
const UTF8_CHANGED: LineEncoding = { is: 'utf-8', changes: true }
const WINDOWS: LineEncoding = { is: 'windows-1252', changes: false }

/**
 * A judge of the lines of one file. Where both encodings are allowed and nothing was declared, a line that is valid UTF-8 is UTF-8,
 * since words of Windows-1252 practically never are; another is Windows-1252, unless earlier lines say that the file is UTF-8.
 */
export function createJudge(encodings: readonly TextEncoding[]): EncodingJudge {
  const mayBeWindows = encodings.includes('windows-1252')
  const isDeclared = encodings.length === 1
  let first: TextEncoding | undefined = isDeclared ? encodings[0] : undefined
  let isMixed = false
  return {
    judge(bytes, start, end) {
      const line = bytes.subarray(start, end)
      if (isAscii(line)) return ASCII
      if (isDeclared && mayBeWindows) return WINDOWS
      const isUnicode = isUtf8(line)
      first ??= isUnicode ? 'utf-8' : 'windows-1252'
      if (isUnicode && first === 'utf-8') return UTF8
      isMixed ||= isUnicode
      if (isUnicode) return UTF8_CHANGED
      if (first === 'utf-8') return 'utf8-invalid'
      return isOddWindows(line) ? 'encoding-doubtful' : WINDOWS
    },
    seen: () => (isMixed ? 'mixed' : (first ?? 'utf-8')),
  }
}

const WINDOWS_TEXT = new TextDecoder('windows-1252')

/** The text of bytes in an encoding that the judge has found right for them. */
export function decode(bytes: Buffer, start: number, end: number, encoding: LineEncoding['is']): string {
  const slice = bytes.subarray(start, end)
  if (encoding === 'windows-1252') return WINDOWS_TEXT.decode(slice)
  return encoding === 'ascii' ? slice.toString('latin1') : slice.toString('utf8')
}

/** Bytes that Windows-1252 does not define, or that are signs no word has inside: letters of a DOS code page. */
const NO_LETTER = new Set([
  0x81, 0x82, 0x83, 0x84, 0x86, 0x87, 0x88, 0x89, 0x8b, 0x8d, 0x8f, 0x90, 0x95, 0x98, 0x9b, 0x9d,
])
const UNDEFINED = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d])

/** Whether a line is hardly Windows-1252: a letter of UTF-8 stands in it as well, or one of a DOS code page. */
function isOddWindows(line: Buffer): boolean {
  for (let at = 0; at < line.length; at += 1) {
    const byte = line[at] as number
    if (byte < 0x80) continue
    if (UNDEFINED.has(byte)) return true
    const next = line[at + 1] ?? 0
    if ((byte === 0xc2 || byte === 0xc3) && next >= 0x80 && next <= 0xbf) return true
    if (byte === 0xe2 && next === 0x80) return true
    if (NO_LETTER.has(byte) && isLetter(line[at - 1]) && isLetter(next)) return true
  }
  return false
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a))
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
