import { hash } from 'node:crypto'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import type { KeyRing } from '../../trust/keys/keyring.ts'

const closed = { additionalProperties: false }
const Name = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' })
const Count = Type.Integer({ minimum: 0 })

/** What lies in a backup, as `manifest.json` says; sums of the files stand in `SHA256SUMS` beside it. */
export const BackupManifest = Type.Object(
  {
    format: Type.Literal(1),
    made_at: Type.String(),
    postgres: Type.String({ description: 'version of the server it was read from; any other may take it' }),
    migrations: Type.Array(Type.String(), { minItems: 1 }),
    end: Type.Object({ epoch: Type.String(), position: Count, sequence: Count, hash: Type.String() }, closed),
    keys: Type.Array(Type.String(), { description: 'fingerprints of the keys without which it cannot be read' }),
    tables: Type.Array(Type.Object({ name: Name, columns: Type.Array(Name, { minItems: 1 }), rows: Count }, closed)),
    sequences: Type.Array(
      Type.Object({ name: Name, value: Type.String({ pattern: '^[0-9]{1,19}$' }), isCalled: Type.Boolean() }, closed),
    ),
  },
  closed,
)
export type BackupManifest = Static<typeof BackupManifest>

export const MANIFEST = 'manifest.json'
export const SUMS = 'SHA256SUMS'
/** What a base backup has in its place. */
export const BASE_MANIFEST = 'base.json'

/** Where the rows of a table lie in a backup. */
export function tableFile(name: string): string {
  return `tables/${name}.copy.zst`
}

/** Reads a manifest; undefined when the text is none. */
export function parseManifest(text: string): BackupManifest | undefined {
  try {
    const manifest: unknown = JSON.parse(text)
    return Value.Check(BackupManifest, manifest) ? manifest : undefined
  } catch {
    return undefined
  }
}

/** Names the keys that seal and index rows; a digest of 32 random bytes gives nothing of them away. */
export function fingerprints({ seal, index, indexKeys = [] }: Pick<KeyRing, 'seal' | 'index' | 'indexKeys'>): string[] {
  const print = (name: string, key: string) => `${name}:${hash('sha256', key).slice(0, 16)}`
  return [
    ...seal.map(({ version, key }) => print(`seal-${version}`, key)),
    ...Object.entries(index).map(([purpose, { version, key }]) => print(`index-${purpose}-${version}`, key)),
    ...indexKeys.flatMap(({ version, key }) => (key === undefined ? [] : [print(`index-wrap-${version}`, key)])),
  ]
}

/** The order in which tables are filled: what is named by another comes before it. */
export function orderByReferences<T extends { name: string }>(
  tables: readonly T[],
  references: readonly { from: string; to: string }[],
): T[] {
  const ordered: T[] = []
  const open = new Set(tables)
  while (open.size > 0) {
    const names = new Set([...open].map(({ name }) => name))
    const ready = [...open].filter(({ name }) => !references.some(({ from, to }) => from === name && names.has(to)))
    if (ready.length === 0) throw new Error(`tables name each other in a circle: ${[...names].join(', ')}`)
    for (const table of ready) {
      ordered.push(table)
      open.delete(table)
    }
  }
  return ordered
}
