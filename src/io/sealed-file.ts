import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { closeSync, openSync, readSync, unlinkSync, write, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const writeAt = promisify(write)
const BLOCK = 16

/** How another thread of this process reaches a sealed file. */
export type SealedHandle = { fd: number; key: Uint8Array; size: number }

/**
 * A file of this process alone, in the folder of temporary files: it has no name, so it ends with the process, and its bytes are
 * enciphered under a key that is nowhere else (AES-256-CTR, which can be read at any place).
 */
export class SealedFile {
  readonly #fd: number
  readonly #key: Uint8Array
  readonly #cipher: ReturnType<typeof createCipheriv>
  #size: number

  /** A new file, or one that another thread has written. */
  constructor(handle?: SealedHandle) {
    this.#fd = handle?.fd ?? openNameless()
    this.#key = handle?.key ?? randomBytes(32)
    this.#size = handle?.size ?? 0
    this.#cipher = createCipheriv('aes-256-ctr', this.#key, counter(0))
  }

  get handle(): SealedHandle {
    return { fd: this.#fd, key: this.#key, size: this.#size }
  }

  get size(): number {
    return this.#size
  }

  /** Adds bytes at the end; one call at a time. */
  async append(bytes: Buffer): Promise<void> {
    const sealed = this.#cipher.update(bytes)
    for (let at = 0; at < sealed.length; ) {
      const { bytesWritten } = await writeAt(this.#fd, sealed, at, sealed.length - at, this.#size + at)
      at += bytesWritten
    }
    this.#size += bytes.length
  }

  /** The same at once: for threads that nobody waits for. */
  appendNow(bytes: Buffer): void {
    const sealed = this.#cipher.update(bytes)
    for (let at = 0; at < sealed.length; ) at += writeSync(this.#fd, sealed, at, sealed.length - at, this.#size + at)
    this.#size += bytes.length
  }

  /** The bytes of a place; fewer at the end of the file. It does not wait: for threads that nobody else waits for. */
  read(position: number, length: number): Buffer {
    const first = position - (position % BLOCK)
    const wanted = Math.min(position + length, this.#size) - first
    if (wanted <= 0) return Buffer.alloc(0)
    const sealed = Buffer.allocUnsafe(wanted)
    let got = 0
    while (got < wanted) {
      const count = readSync(this.#fd, sealed, got, wanted - got, first + got)
      if (count === 0) throw new Error('a file of this process lost its end')
      got += count
    }
    return createDecipheriv('aes-256-ctr', this.#key, counter(first))
      .update(sealed)
      .subarray(position - first)
  }

  /** Ends the file, once for all threads. */
  close(): void {
    closeSync(this.#fd)
  }
}

function openNameless(): number {
  const path = join(tmpdir(), `titian-${randomUUID()}`)
  const fd = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return fd
}

/** The counter of the block that a place stands in. */
function counter(position: number): Buffer {
  const iv = Buffer.alloc(BLOCK)
  iv.writeBigUInt64BE(BigInt(position / BLOCK), BLOCK - 8)
  return iv
}
