import type { JournalLine } from '../../src/receiver/journal.ts'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { startReceiver } from '../../src/receiver/receiver.ts'
import { type Signer, verifiersOf } from '../../src/trust/keys/signing-keys.ts'
import { keys, ring } from '../forward/gateway.ts'
import { emptyDatabase } from '../support/database.ts'

export const TOKEN = 'token-of-the-oracle'

export type Counts = {
  deliveries: number
  repeats: number
  records: number
  refused: number
  subjects: { keluarga: number; individu: number }
  persons: { placed: number; unplaced: number; dangling: number }
}

/** What a checker outside sees of a stand-in, over HTTP alone. */
export function oracleOf(url: string) {
  const headers = { authorization: `Bearer ${TOKEN}` }
  return {
    async counts(): Promise<Counts> {
      const answer = await fetch(`${url}/v1/counts`, { headers })
      return (await answer.json()) as Counts
    },
    async journal(): Promise<(JournalLine & { delivery: string })[]> {
      const answer = await fetch(`${url}/v1/journal`, { headers })
      const text = await answer.text()
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    },
    async misbehave(mode: Mode, times = 1): Promise<void> {
      const answer = await fetch(`${url}/misbehave`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ mode, times }),
      })
      if (!answer.ok) throw new Error(`misbehave: ${answer.status}`)
    },
  }
}

/** A stand-in with a database of its own, in this process: `await using receiver = await freshReceiver()`. */
export async function freshReceiver({ signer }: { signer?: Signer } = {}) {
  const database = await emptyDatabase()
  const { url, close } = await startReceiver({
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    keys: { ...keys, find: (keyid) => verifiersOf([...ring.tokens, ...ring.deliveries]).get(keyid) },
    token: TOKEN,
    signer,
    misbehave: true,
    crash: () => undefined,
  })
  return {
    url,
    ...oracleOf(url),
    async [Symbol.asyncDispose]() {
      await close()
      await database[Symbol.asyncDispose]()
    },
  }
}
