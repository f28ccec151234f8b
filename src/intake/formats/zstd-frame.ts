const DICTIONARY_BYTES = [0, 1, 2, 4]
const CONTENT_SIZE_BYTES = [0, 2, 4, 8]
const MAGIC_AND_DESCRIPTOR = 5
const BLOCK_HEADER = 3
const RLE = 1
const CHECKSUM = 4

/**
 * Follows the framing of a zstd body (RFC 8878, 3.1.1) as it streams by; answers false as soon as bytes follow its first frame.
 * Node's decoder takes several frames for one stream, and so would not notice a body that was glued together.
 */
export function createFrameWatch(): (piece: Buffer) => boolean {
  let where: 'header' | 'blocks' | 'end' = 'header'
  let collected: number[] = []
  let skip = 0
  let isLast = false
  let checksum = 0

  const collect = (byte: number) => {
    collected.push(byte)
    if (where === 'header') {
      if (collected.length === headerBytes(collected)) start(collected)
    } else if (collected.length === BLOCK_HEADER) block(collected)
  }
  const start = ([, , , , descriptor = 0]: number[]) => {
    checksum = descriptor & 4 ? CHECKSUM : 0
    where = 'blocks'
    collected = []
  }
  const block = ([low = 0, middle = 0, high = 0]: number[]) => {
    const header = low | (middle << 8) | (high << 16)
    isLast = (header & 1) === 1
    skip = (((header >> 1) & 3) === RLE ? 1 : header >> 3) + (isLast ? checksum : 0)
    if (isLast && skip === 0) where = 'end'
    collected = []
  }

  return (piece) => {
    for (let at = 0; at < piece.length; ) {
      if (where === 'end') return false
      if (skip === 0) {
        collect(piece[at] ?? 0)
        at += 1
        continue
      }
      const step = Math.min(skip, piece.length - at)
      at += step
      skip -= step
      if (skip === 0 && isLast) where = 'end'
    }
    return true
  }
}

/** Bytes of the frame header, magic number included; undefined until its descriptor has come. */
function headerBytes(bytes: readonly number[]): number | undefined {
  const descriptor = bytes[MAGIC_AND_DESCRIPTOR - 1]
  if (descriptor === undefined) return
  const isSingle = (descriptor & 0x20) !== 0
  const size = descriptor >> 6
  return (
    MAGIC_AND_DESCRIPTOR +
    (isSingle ? 0 : 1) +
    (DICTIONARY_BYTES[descriptor & 3] ?? 0) +
    (size === 0 && isSingle ? 1 : (CONTENT_SIZE_BYTES[size] ?? 0))
  )
}
