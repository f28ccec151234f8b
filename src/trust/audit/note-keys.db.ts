import type { Pool } from 'pg'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../keys/keyring.ts'
import { appendAudit, notedObjects } from './audit.sql.ts'

const KEEPER = 'titian'

/**
 * Writes down each key of the ring that the log does not know yet, and each signing key that was retired since: so a rotation is a row,
 * whoever made it. Only names of keys are told.
 */
export async function noteKeys(
  db: Pool,
  { seal, indexKeys, tokens, deliveries }: Pick<KeyRing, 'seal' | 'indexKeys' | 'tokens' | 'deliveries'>,
) {
  const signing = [...tokens, ...deliveries]
  const kept = [
    ...seal.map(({ version }) => `seal-${version}`),
    ...(indexKeys ?? []).map(({ version }) => `index-${version}`),
  ]
  const added = [...kept, ...signing.map(({ kid }) => kid)]
  const retired = signing.filter(({ d }) => d === undefined).map(({ kid }) => kid)
  await note(db, 'key.added', added)
  await note(db, 'key.retired', retired)
}

async function note(db: Pool, action: 'key.added' | 'key.retired', names: readonly string[]): Promise<void> {
  const known = await notedObjects(db, action, names)
  const fresh = names.filter((name) => !known.has(name))
  if (fresh.length === 0) return
  await inTransaction(db, async (tx) => {
    for (const object of fresh) await appendAudit(tx, { actor: KEEPER, action, object })
  })
}
