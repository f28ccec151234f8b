import { hash } from 'node:crypto'

const BLOCK = 64
const DIGEST = 32
const ROOM = 1024

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
  return (text) => {
    outer.write(hash('sha256', innerBytes(inner, text), 'hex'), BLOCK, 'hex')
    return hash('sha256', outer, 'hex')
  }
}

function innerBytes(inner: Buffer, text: string): Buffer {
  // UTF-8 needs three bytes at most for each UTF-16 unit, so a short text surely fits the room.
  if (text.length * 3 > ROOM) return Buffer.concat([inner.subarray(0, BLOCK), Buffer.from(text)])
  return inner.subarray(0, BLOCK + inner.write(text, BLOCK))
}
