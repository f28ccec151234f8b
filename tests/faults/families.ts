import { createHash } from 'node:crypto'
import { families } from '../../bench/families.ts'
import type { Payload } from '../../src/cli/client/push.client.ts'

/** A CARIK batch of so many families as a payload; another seed gives other values under the same keys. */
export function carikPayload(count: number, seed = 1): Payload {
  return payloadOf([...families(count, seed)])
}

/** Lines of NDJSON as a payload. */
export function payloadOf(lines: readonly string[]): Payload {
  const body = Buffer.from(`${lines.join('\n')}\n`)
  return {
    open: async function* (from = 0) {
      yield body.subarray(from)
    },
    bytes: body.length,
    type: 'application/x-ndjson',
    encoding: 'identity',
    digest: `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
  }
}
