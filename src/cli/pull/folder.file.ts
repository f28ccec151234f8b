import { hash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import Value from 'typebox/value'
import { TitianError } from '../../domain/error.ts'
import { digestText } from '../../forward/manifest.ts'
import type { FeedEntry } from './verify.ts'

const FeedPlace = Type.Object({
  /** `next` of the last page whose deliveries are all here, or of the last delivery. */
  after: Type.String(),
  end: Type.Optional(Type.Object({ chain: Type.String(), digest: Type.String() })),
})
/** How far a folder has come in the feed. */
export type FeedPlace = Static<typeof FeedPlace>

const STATE = 'titian-pull.json'
const PART = /^\.[0-9]+\.part$/
const PART_MS = 3_600_000

/** A folder of pulled deliveries: of each its bytes as composed and, once those are whole, its entry in the feed beside them. */
export type PullFolder = {
  place(): Promise<FeedPlace | undefined>
  note(place: FeedPlace): Promise<void>
  /** Whether a delivery lies here with the very bytes that its manifest names. */
  has(entry: FeedEntry): Promise<boolean>
  /** Stores a delivery; a kill at any moment leaves it whole or absent. Gives the name of its file. */
  store(entry: FeedEntry, bytes: Buffer): Promise<string>
}

/** Opens a folder, makes it where it is missing, and clears away what a killed run left half-written an hour ago. */
export async function openPullFolder(path: string): Promise<PullFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  // A restore of the gateway gives deliveries new positions: they are known by their ids.
  const names = new Map<string, string>()
  for (const name of await readdir(path)) {
    const id = /^[0-9]+-(dlv_[0-9a-z]+)\.ndjson\.zst$/.exec(name)?.[1]
    if (id !== undefined) names.set(id, name)
    if (!PART.test(name)) continue
    const age = await stat(join(path, name)).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > PART_MS) await rm(join(path, name), { force: true })
  }
  const nameOf = ({ position, manifest }: FeedEntry) =>
    names.get(manifest.delivery) ?? `${position.padStart(12, '0')}-${manifest.delivery}.ndjson.zst`
  return {
    async place() {
      const text = await readFile(join(path, STATE), 'utf8').catch(() => undefined)
      if (text === undefined) return undefined
      const place: unknown = parsed(text)
      if (!Value.Check(FeedPlace, place))
        throw new TitianError('config-invalid', `${join(path, STATE)} cannot be understood`)
      return place
    },
    note: (place) => writeWhole(path, STATE, Buffer.from(`${JSON.stringify(place)}\n`)),
    async has(entry) {
      const bytes = await readFile(join(path, nameOf(entry))).catch(() => undefined)
      return bytes !== undefined && digestText(hash('sha256', bytes, 'buffer')) === entry.manifest.digest
    },
    async store(entry, bytes) {
      const name = nameOf(entry)
      await writeWhole(path, name, bytes)
      const { state: _, acknowledged_at: __, ...lasting } = entry
      await writeWhole(path, name.replace(/ndjson\.zst$/, 'json'), Buffer.from(`${JSON.stringify(lasting, null, 2)}\n`))
      names.set(entry.manifest.delivery, name)
      return name
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes a file that is there whole or not at all, also after the power has gone; readable by its owner only. */
export async function writeWhole(folder: string, name: string, bytes: Buffer | AsyncIterable<Buffer>): Promise<void> {
  const part = join(folder, `.${process.pid}.part`)
  {
    await using file = await open(part, 'w', 0o600)
    await file.writeFile(bytes)
    await file.sync()
  }
  await rename(part, join(folder, name))
  await using directory = await open(folder)
  await directory.sync()
}
