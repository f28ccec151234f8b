import type { KeyObject } from 'node:crypto'
import type { Db } from '../../io/postgres/postgres.ts'
import { type Checkpoint, parseCheckpoint } from '../tree/checkpoint.ts'
import { HASH_BYTES, TreeHasher } from '../tree/merkle.ts'
import { openNote } from '../tree/note.ts'
import { readAuditRows } from './audit.sql.ts'
import { AUDIT_START, type AuditEnd, type AuditFault, leafOf, walkAudit } from './audit.ts'
import { checkpointOf, signedRootsAfter } from './checkpoint.sql.ts'

/** What the log is held against, each thing if it is there. */
export type AuditProofs = {
  /** An end of the chain that was noted elsewhere. */
  noted?: AuditEnd | undefined
  /** Public keys that sign checkpoints; without them the stored ones are not looked at. */
  keys?: readonly KeyObject[]
  /** Checkpoints that witnesses keep, their signatures checked before, with the leaves under them where they keep these. */
  witnessed?: readonly Witnessed[]
  now?: Date
}

/** A checkpoint outside of the database; `leaves` are the hashes of all leaves under it, in order. */
export type Witnessed = Pick<Checkpoint, 'size' | 'root'> & { leaves?: readonly Buffer[] }

/** How far the log is right, the first row that is wrong, and how many rows a signed checkpoint covers. */
export type AuditVerdict = { end: AuditEnd; fault?: AuditFault; signed: number }

const PAGE = 2000
// A process that was away for a night is no tampering; rows that nobody signed for longer are.
const UNSIGNED_MS = 48 * 3_600_000

/** A signed root that the rows must lead to. `read` gives the leaves after the first `from` ones, where somebody keeps them. */
type Target = Pick<Checkpoint, 'size' | 'root'> & { from: number; read(): Promise<readonly Buffer[] | undefined> }

/**
 * Walks the whole log, its chain and its tree, and names the first row that is wrong. A row whose hash and all later hashes were
 * written anew is found by the signed checkpoints; these by those that witnesses keep.
 */
export async function verifyAudit(db: Db, proofs: AuditProofs = {}): Promise<AuditVerdict> {
  const targets = await targetsOf(db, proofs)
  if ('fault' in targets) return { end: AUDIT_START, signed: 0, fault: targets.fault }
  const walk = new Walk(targets.targets)
  let end = AUDIT_START
  let oldestUnsigned: Date | undefined
  for (;;) {
    const rows = await readAuditRows(db, end.sequence, PAGE)
    const walked = walkAudit(rows, end, proofs.noted)
    for (const row of rows) {
      if (row.sequence > walked.end.sequence) break
      if (!walk.add(leafOf(row))) return { end: walked.end, signed: walk.signed, fault: await walk.misfit() }
      if (row.sequence === walk.last + 1) oldestUnsigned = row.at
    }
    if (walked.fault !== undefined)
      return { ...walked, signed: walk.signed, fault: (await walk.earlier()) ?? walked.fault }
    end = walked.end
    if (rows.length < PAGE) break
  }
  const { signed } = walk
  const isCutOff = walk.next !== undefined || end.sequence < (proofs.noted?.sequence ?? 0)
  if (isCutOff) return { end, signed, fault: (await walk.earlier()) ?? { sequence: end.sequence + 1, why: 'missing' } }
  const { now } = proofs
  if (now !== undefined && oldestUnsigned !== undefined && now.getTime() - oldestUnsigned.getTime() > UNSIGNED_MS)
    return { end, signed, fault: { sequence: signed + 1, why: 'unsigned' } }
  return { end, signed }
}

/** Builds the tree of the rows, and compares it with each signed root on its way. */
class Walk {
  /** How many rows the last root that fitted covers. */
  signed = 0
  readonly #targets: readonly Target[]
  readonly #tree = new TreeHasher()
  #passed = 0
  #leaves: Buffer[] = []
  #before = new TreeHasher()

  constructor(targets: readonly Target[]) {
    this.#targets = targets
  }

  /** The root that comes next; undefined when all were passed. */
  get next(): Target | undefined {
    return this.#targets[this.#passed]
  }

  /** How many rows the last root covers. */
  get last(): number {
    return this.#targets.at(-1)?.size ?? 0
  }

  /** Takes in the leaf of the next row; false when a root is reached that it does not lead to. */
  add(leaf: Buffer): boolean {
    this.#tree.add(leaf)
    this.#leaves.push(leaf)
    while (this.next?.size === this.#tree.size) {
      if (!this.#tree.root().equals(this.next.root)) return false
      this.#passed += 1
      if (this.next?.size === this.#tree.size) continue
      this.signed = this.#tree.size
      this.#before = this.#tree.copy()
      this.#leaves = []
    }
    return true
  }

  /** What is wrong when a root does not fit: the first row that is another, or else among which it is. */
  async misfit(): Promise<AuditFault> {
    return (await this.earlier()) ?? { sequence: this.signed + 1, why: 'replaced', upTo: this.#tree.size }
  }

  /** The first row since the last fitting root that is another than was signed; undefined where nobody keeps its leaf, or all fit. */
  async earlier(): Promise<AuditFault | undefined> {
    for (const target of this.#targets.slice(this.#passed)) {
      const known = await this.#knownLeaves(target)
      const at = known?.findIndex(
        (leaf, place) => this.#leaves[place] !== undefined && !leaf.equals(this.#leaves[place]),
      )
      if (at !== undefined && at >= 0) return { sequence: this.signed + at + 1, why: 'replaced' }
      if (known !== undefined) return undefined
    }
    return undefined
  }

  /** The leaves after the last fitting root that a signed root proves to be the ones it was made of. */
  async #knownLeaves({ from, size, root, read }: Target): Promise<readonly Buffer[] | undefined> {
    if (from > this.signed) return undefined
    const leaves = await read()
    if (leaves?.length !== size - from) return undefined
    const known = leaves.slice(this.signed - from)
    const tree = this.#before.copy()
    for (const leaf of known) tree.add(leaf)
    return tree.root().equals(root) ? known : undefined
  }
}

/** All signed roots in order of size; a fault where the database holds a checkpoint that none of the keys signed. */
async function targetsOf(db: Db, { keys, witnessed = [] }: AuditProofs) {
  const targets: Target[] = witnessed.map(({ size, root, leaves }) => ({
    ...{ size, root, from: 0 },
    read: async () => leaves,
  }))
  let before = 0
  for (let place = 0; keys !== undefined; ) {
    const page = await signedRootsAfter(db, place, PAGE)
    for (const checkpoint of page) {
      if (!isSigned(checkpoint, keys))
        return { fault: { sequence: before + 1, why: 'forged', upTo: checkpoint.size } satisfies AuditFault }
      const { size, root } = checkpoint
      targets.push({ size, root, from: before, read: async () => leavesIn(await checkpointOf(db, size)) })
      before = size
    }
    if (page.length < PAGE) break
    place = before
  }
  // Of one size the witness's comes last: what the database says is then known to be right as well.
  return { targets: targets.toSorted((a, b) => a.size - b.size || b.from - a.from) }
}

function isSigned(
  { size, root, note }: { size: number; root: Buffer; note: string },
  keys: readonly KeyObject[],
): boolean {
  const text = openNote(note, note.split('\n', 1)[0] ?? '', keys)
  const said = text === undefined ? undefined : parseCheckpoint(text)
  return said?.size === size && said.root.equals(root)
}

function leavesIn(checkpoint: { leaves: Buffer } | undefined): Buffer[] | undefined {
  if (checkpoint === undefined) return undefined
  const { leaves: bytes } = checkpoint
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  )
}
