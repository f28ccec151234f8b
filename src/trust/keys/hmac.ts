import { hash } from 'node:crypto'

const BLOCK = 64
const DIGEST = 32
/** Bytes of the longest text whose bytes are written into a buffer that is there already: most records are shorter. */
const ROOM = 4096
const UTF8_OF_UNIT = 3

/**
 * HMAC-SHA-256 under one key, in hexadecimal, as two one-shot hashes: 0.6 µs on Node 26, where `createHmac` takes 1.4 µs, and
 * up to 30 µs on some Node 24 releases. As text, since a hash that comes as a Buffer costs four times as much. The key must be 32 bytes.
 */
export function hmacWith(key: Buffer): (text: string) => string {
  const inner = Buffer.alloc(BLOCK + ROOM, 0x36)
  const outer = Buffer.alloc(BLOCK + DIGEST, 0x5c)
  for (const [i, byte] of key.entries()) {
    inner[i] = byte ^ 0x36
    outer[i] = byte ^ 0x5c
  }
  const innerBytes = innerBytesIn(inner)
  return (text) => {
    outer.write(hash('sha256', innerBytes(text), 'latin1'), BLOCK, 'latin1')
    return hash('sha256', outer, 'hex')
  }
}

/** Puts a text behind the first block of a buffer. A view of each length is made once: one for every text costs a tenth of its hash. */
function innerBytesIn(inner: Buffer): (text: string) => Buffer {
  const views = new Array<Buffer | undefined>(ROOM + 1)
  return (text) => {
    // A short text surely fits the room.
    if (text.length * UTF8_OF_UNIT > ROOM) return Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(text)])
    const length = inner.write(text, BLOCK)
    const view = views[length] ?? inner.subarray(0, BLOCK + length)
    views[length] = view
    return view
  }
}
