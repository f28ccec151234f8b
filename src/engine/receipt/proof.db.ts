import type { SourceFormat } from '../../domain/dataset.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { HASH_BYTES, pathOf } from '../../trust/tree/merkle.ts'
import { formatProof } from '../../trust/tree/tlog-proof.ts'
import { BLOCK } from './build.db.ts'
import { encodeExtra, formatOf } from './extra.ts'
import { isLetter, LETTERS, saltOf } from './leaf.ts'
import { receiptSecret } from './origin.ts'
import { findBlock, readBlockRoots, readFirstLeaves, readOutcomes, type SignedReceipt } from './receipt.sql.ts'

export type ProofOf = {
  batch: string
  /** How files of the batch's dataset are cut into entries, as far as it is known. */
  format: SourceFormat | undefined
  receipt: SignedReceipt
}

/**
 * The receipt of a whole batch as a `.tlog-proof`: the proof of its first entry, and beside it the outcomes and the secret by
 * which the sender makes all leaves, and so the root, of the file again.
 */
export async function proofOfBatch(
  db: Db,
  vault: Pick<Vault, 'index'>,
  { batch, format, receipt }: ProofOf,
): Promise<string> {
  const outcomes = await readOutcomes(db, batch, receipt.edition)
  const extra = encodeExtra({
    receipt: 1,
    batch,
    ...formatOf(format),
    secret: receiptSecret(vault, batch).toString('base64'),
    outcomes,
  })
  const leaves = await readFirstLeaves(db, batch, receipt.edition)
  const path = await pathIn(db, batch, receipt.edition, { block: 0, place: 0, leaves })
  return formatProof({ extra, index: 0, path, note: receipt.checkpoint })
}

/** The receipt of the entry of one line as a `.tlog-proof`; undefined when the batch has no such line. Reads one block, and 32 bytes of every other. */
export async function proofOfLine(
  db: Db,
  vault: Pick<Vault, 'index'>,
  { batch, format, receipt }: ProofOf,
  line: number,
): Promise<string | undefined> {
  const found = await findBlock(db, batch, receipt.edition, line)
  const letter = found?.outcomes[found.place] ?? ''
  if (found === undefined || !isLetter(letter)) return undefined
  const extra = encodeExtra({
    receipt: 1,
    batch,
    ...formatOf(format),
    line,
    outcome: LETTERS[letter],
    ...(letter === 'x' && { unread: true as const }),
    salt: saltOf(receiptSecret(vault, batch), line).toString('base64'),
  })
  const path = await pathIn(db, batch, receipt.edition, found)
  return formatProof({ extra, index: found.block * BLOCK + found.place, path, note: receipt.checkpoint })
}

/** Up to the root of the block by its leaves, from there by the roots of the blocks. */
async function pathIn(
  db: Db,
  batch: string,
  edition: number,
  { block, place, leaves }: { block: number; place: number; leaves: Buffer },
): Promise<Buffer[]> {
  const hashes = Array.from({ length: leaves.length / HASH_BYTES }, (_, at) =>
    leaves.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
  return [...pathOf(hashes, place), ...pathOf(await readBlockRoots(db, batch, edition), block)]
}
