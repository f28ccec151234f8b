import { createHash } from 'node:crypto'
import { families } from '../../bench/families.ts'
import type { Payload } from '../../src/cli/client/push.client.ts'

type Family = Record<string, unknown>

/** A CARIK batch of so many families as a payload; another seed gives other people under the same keys, `edit` changes the same ones. */
export function carikPayload(count: number, seed = 1, edit: (family: Family) => Family = (family) => family): Payload {
  return payloadOf([...families(count, seed)].map((line) => JSON.stringify(edit(JSON.parse(line)))))
}

/** Lines of NDJSON as a payload. */
export function payloadOf(lines: readonly string[]): Payload {
  const body = Buffer.from(`${lines.join('\n')}\n`)
  return {
    open: async function* () {
      yield body
    },
    bytes: body.length,
    type: 'application/x-ndjson',
    encoding: 'identity',
    digest: `sha-256=:${createHash('sha256').update(body).digest('base64')}:`,
  }
}
