import { CR, END_MARK, LF } from './cutter.ts'

/**
 * Where the text behind a byte order mark (EF BB BF) or an end mark begins: files that were joined have them inside.
 * Answers the same place when there is none.
 */
export function behindMarks(bytes: Buffer, start: number): number {
  let at = start
  for (;;) {
    if (bytes[at] === END_MARK) at += 1
    else if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
    else return at
  }
}

/** Whether a mark may begin here whose bytes have not all come. */
export function mayBeMark(bytes: Buffer, at: number): boolean {
  const left = bytes.length - at
  return left < 3 && bytes[at] === 0xef && (left < 2 || bytes[at + 1] === 0xbb)
}

/** The last bytes of a file without the end mark and the zeros that fill its last block. */
export function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (bytes[end - 1] === END_MARK || bytes[end - 1] === 0) end -= 1
  return bytes.subarray(0, end)
}

/** Finds the line ends of one buffer from left to right: LF, CRLF, and CR alone, as old Mac files and joined ones have. */
export class LineEnds {
  readonly #bytes: Buffer
  #cr = -1
  #lf = -1

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  /** Where the line ends that holds a byte; the length of the buffer where no end has come. Ask from left to right. */
  endOf(start: number): number {
    // Each kind is looked for only once between two of its kind, or the whole buffer would be gone through for each line.
    if (this.#lf < start) this.#lf = this.#find(LF, start)
    if (this.#cr < start) this.#cr = this.#find(CR, start)
    return Math.min(this.#lf, this.#cr)
  }

  /** The first byte behind the line end at a place. */
  behind(end: number): number {
    return this.#bytes[end] === CR && this.#bytes[end + 1] === LF ? end + 2 : end + 1
  }

  /** Whether the end at a place may still change with the next bytes: none has come, or a CR that an LF may follow. */
  isOpen(end: number): boolean {
    return end >= this.#bytes.length || (this.#bytes[end] === CR && end + 1 === this.#bytes.length)
  }

  #find(byte: number, start: number): number {
    const at = this.#bytes.indexOf(byte, start)
    return at === -1 ? this.#bytes.length : at
  }
}
