import { HASH_BYTES } from './merkle.ts'

const HEAD = 'c2sp.org/tlog-proof@v1'

/** One proof: what is said beside it, the place of the leaf, its path to the root, and the signed note of the checkpoint. */
export type TlogProof = { extra: Buffer; index: number; path: Buffer[]; note: string }

/** A proof in the form of C2SP tlog-proof, to be kept in a file that ends in `.tlog-proof`. */
export function formatProof({ extra, index, path, note }: TlogProof): string {
  const lines = [HEAD, `extra ${extra.toString('base64')}`, `index ${index}`, ...path.map(base64)]
  return `${lines.join('\n')}\n\n${note}`
}

/** The reverse of `formatProof`; undefined when the text is no such proof. A proof without `extra` has empty bytes there. */
export function parseProof(text: string): TlogProof | undefined {
  const cut = text.indexOf('\n\n')
  const [head, ...lines] = text.slice(0, Math.max(cut, 0)).split('\n')
  if (head !== HEAD) return undefined
  const extra = /^extra ([A-Za-z0-9+/]+={0,2})$/.exec(lines[0] ?? '')?.[1]
  const [place = '', ...hashes] = extra === undefined ? lines : lines.slice(1)
  const index = /^index (0|[1-9]\d{0,14})$/.exec(place)?.[1]
  const path = hashes.map((line) => Buffer.from(line, 'base64'))
  const isWhole = path.every((one, at) => one.length === HASH_BYTES && base64(one) === hashes[at])
  if (index === undefined || !isWhole) return undefined
  return { extra: Buffer.from(extra ?? '', 'base64'), index: Number(index), path, note: text.slice(cut + 2) }
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64')
}
