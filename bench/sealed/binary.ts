import type { Pool } from 'pg'
import { to } from 'pg-copy-streams'

// Signature, flags and the length of the extension, which is 0 (PostgreSQL manual, "COPY", Binary Format).
const HEAD = 19

/** The rows of a query as binary COPY gives them: the bytes of each field, null for none. */
export async function readBinary(db: Pool, query: string): Promise<(Buffer | null)[][]> {
  const client = await db.connect()
  try {
    const pieces: Buffer[] = []
    for await (const piece of client.query(to(`copy (${query}) to stdout (format binary)`)))
      pieces.push(piece as Buffer)
    return [...rowsOf(Buffer.concat(pieces))]
  } finally {
    client.release()
  }
}

function* rowsOf(bytes: Buffer): Generator<(Buffer | null)[]> {
  let at = HEAD
  for (let fields = bytes.readInt16BE(at); fields >= 0; fields = bytes.readInt16BE(at)) {
    at += 2
    const row: (Buffer | null)[] = []
    while (row.length < fields) {
      const length = bytes.readInt32BE(at)
      at += 4
      row.push(length < 0 ? null : bytes.subarray(at, at + length))
      at += Math.max(0, length)
    }
    yield row
  }
}
