import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import { TitianError } from '../../domain/error.ts'
import type { SealedFile } from '../../io/sealed-file.ts'
import { broken } from './xml.ts'

/** What the parts of a workbook may unpack to, together. */
export type UnpackLimits = { unpackedBytes: number; ratio: number; ratioFrom: number }

/** A ZIP file by the names of its parts, which do not tell capitals (ECMA-376 part 2, 7.2.3). */
export type Package = {
  names: readonly string[]
  /** The bytes of a part as they unpack, its checksum compared at the end; undefined where there is none. */
  read(name: string): AsyncGenerator<Buffer> | undefined
}

const MOST_PARTS = 10_000
const PIECE_BYTES = 256 * 1024
const STRONG_OR_PLAIN_ENCRYPTION = 0x41

/**
 * Opens a ZIP file by its directory. Throws `body-broken` for one that is cut off or damaged, `body-form` for one under a password, and
 * `body-bomb` once its parts unpack to more than the limits.
 */
export async function openPackage(file: SealedFile, limits: UnpackLimits): Promise<Package> {
  const options = { lazyEntries: true, decodeStrings: false, autoClose: false }
  const zip = await fromRandomAccessReaderPromise(new SealedReader(file), file.size, options).catch(unreadable)
  if (zip.entryCount > MOST_PARTS) throw new TitianError('body-bomb', 'the workbook has too many parts')
  const entries = await entriesOf(zip)
  let unpacked = 0

  async function* read(entry: Entry): AsyncGenerator<Buffer> {
    const stream = await zip.openReadStreamPromise(entry).catch(unreadable)
    let sum = 0
    try {
      for await (const piece of stream as AsyncIterable<Buffer>) {
        unpacked += piece.length
        if (unpacked > limits.unpackedBytes) throw new TitianError('body-bomb', 'too many bytes unpacked')
        if (unpacked > limits.ratioFrom && unpacked > file.size * limits.ratio)
          throw new TitianError('body-bomb', 'the compression ratio passes the limit')
        sum = crc32(piece, sum)
        yield piece
      }
    } catch (error) {
      throw error instanceof TitianError ? error : unreadable(error)
    } finally {
      stream.destroy()
    }
    if (sum !== entry.crc32) throw broken('is damaged: its checksum is another')
  }

  return {
    names: [...entries.keys()],
    read: (name) => {
      const entry = entries.get(name.toLowerCase())
      return entry && read(entry)
    },
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  try {
    for await (const entry of zip.eachEntry()) {
      if ((entry.generalPurposeBitFlag & STRONG_OR_PLAIN_ENCRYPTION) !== 0) throw encrypted()
      const name = String(entry.fileName).replaceAll('\\', '/').replace(/^\//, '').toLowerCase()
      if (entries.has(name)) throw broken('stands in it twice')
      entries.set(name, entry)
    }
  } catch (error) {
    throw error instanceof TitianError ? error : unreadable(error)
  }
  return entries
}

/** A workbook under a password. */
function encrypted(): TitianError {
  return new TitianError('body-form', 'the workbook has a password; save it without one', {
    places: [{ pointer: '/body', code: 'workbook-encrypted' }],
  })
}

function unreadable(cause: unknown): never {
  throw new TitianError('body-broken', 'the workbook is cut off or damaged', {
    places: [{ pointer: '/body', code: 'cut-off' }],
    cause,
  })
}

/** Lets the ZIP be read out of a sealed file. */
class SealedReader extends RandomAccessReader {
  readonly #file: SealedFile

  constructor(file: SealedFile) {
    super()
    this.#file = file
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const file = this.#file
    return Readable.from(
      (function* () {
        for (let at = start; at < end; at += PIECE_BYTES) yield file.read(at, Math.min(PIECE_BYTES, end - at))
      })(),
    )
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, count?: number) => void,
  ): void {
    const bytes = this.#file.read(position, length)
    bytes.copy(buffer, offset)
    callback(null, bytes.length)
  }
}
