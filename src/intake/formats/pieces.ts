/** Small pieces are gathered up to so many bytes: a client that drips single bytes must not have its record scanned for each. */
export const PIECE_BYTES = 64 * 1024

/**
 * Gathers what comes into pieces of at least `PIECE_BYTES`, and of as many bytes as the reader keeps of an unfinished record. It
 * looks at those again with the next piece, so every byte is looked at a few times at most, however long the record is.
 */
export async function* gathered(bytes: AsyncIterable<Buffer>, kept: () => number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  let size = 0
  for await (const piece of bytes) {
    pieces.push(piece)
    size += piece.length
    if (size < PIECE_BYTES || size < kept()) continue
    yield pieces.length === 1 ? piece : Buffer.concat(pieces)
    pieces = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(pieces)
}
