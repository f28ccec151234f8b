import { pipeline, Readable } from 'node:stream'
import { crc32, createDeflateRaw } from 'node:zlib'

/** One file of a ZIP, as it is written. */
export type ZipPart = { name: string; content: AsyncIterable<Buffer> | Iterable<Buffer> }

type Written = { name: Buffer; offset: number; crc: number; packed: number; size: number }

const VERSION = 20
/** Sizes stand behind the content, and names are UTF-8. */
const FLAGS = 0x0808
const DEFLATED = 8
/** 1980-01-01: the same content gives the same bytes. */
const DOS_DATE = 0x21
/** What the fields of 4 bytes can say; more would want ZIP64. */
const MOST_BYTES = 0xffff_ffff

/** Writes a ZIP as a stream: each part is deflated as it comes, and none is held. Throws a RangeError beyond 4 GB. */
export async function* writeZip(parts: AsyncIterable<ZipPart> | Iterable<ZipPart>): AsyncGenerator<Buffer> {
  const written: Written[] = []
  let offset = 0
  for await (const { name, content } of parts) {
    const part: Written = { name: Buffer.from(name), offset, crc: 0, packed: 0, size: 0 }
    const head = localHeader(part.name)
    yield head
    const deflate = createDeflateRaw()
    pipeline(Readable.from(counted(content, part)), deflate, () => undefined)
    for await (const piece of deflate) {
      part.packed += piece.length
      yield piece
    }
    if (part.size > MOST_BYTES) throw new RangeError('a part of a ZIP has more than 4 GB')
    const tail = descriptor(part)
    yield tail
    offset += head.length + part.packed + tail.length
    if (offset > MOST_BYTES) throw new RangeError('a ZIP has more than 4 GB')
    written.push(part)
  }
  const directory = Buffer.concat(written.map(directoryEntry))
  yield directory
  yield endOf(written.length, directory.length, offset)
}

async function* counted(content: ZipPart['content'], part: Written): AsyncGenerator<Buffer> {
  for await (const piece of content) {
    part.crc = crc32(piece, part.crc)
    part.size += piece.length
    yield piece
  }
}

function localHeader(name: Buffer): Buffer {
  const head = Buffer.alloc(30)
  head.write('PK\x03\x04', 'latin1')
  head.writeUInt16LE(VERSION, 4)
  head.writeUInt16LE(FLAGS, 6)
  head.writeUInt16LE(DEFLATED, 8)
  head.writeUInt16LE(DOS_DATE, 12)
  head.writeUInt16LE(name.length, 26)
  return Buffer.concat([head, name])
}

function descriptor({ crc, packed, size }: Written): Buffer {
  const tail = Buffer.alloc(16)
  tail.write('PK\x07\x08', 'latin1')
  tail.writeUInt32LE(crc, 4)
  tail.writeUInt32LE(packed, 8)
  tail.writeUInt32LE(size, 12)
  return tail
}

function directoryEntry({ name, offset, crc, packed, size }: Written): Buffer {
  const entry = Buffer.alloc(46)
  entry.write('PK\x01\x02', 'latin1')
  entry.writeUInt16LE(VERSION, 4)
  entry.writeUInt16LE(VERSION, 6)
  entry.writeUInt16LE(FLAGS, 8)
  entry.writeUInt16LE(DEFLATED, 10)
  entry.writeUInt16LE(DOS_DATE, 14)
  entry.writeUInt32LE(crc, 16)
  entry.writeUInt32LE(packed, 20)
  entry.writeUInt32LE(size, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt32LE(offset, 42)
  return Buffer.concat([entry, name])
}

function endOf(count: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(bytes, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
