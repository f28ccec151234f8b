import type { Readable } from 'node:stream'
import { DataStore, Upload } from '@tus/server'
import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { UploadId } from '../../domain/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { UploadWish } from './metadata.ts'
import { sealPart } from './stored-bytes.db.ts'
import { appendPart, deleteUpload, insertUpload, type OpenLimits, readUpload } from './upload.sql.ts'

export type StoreDeps = {
  db: Pool
  vault: Vault
  limits: { open: OpenLimits; resumableHours: number; packedBytes: number }
  crash(point: string): void
}

/** Who uploads, and what they said of it; `isThere` when the upload was begun before. */
export type StoreCaller = { platform: string; actor: string; wish: UploadWish | undefined; isThere: boolean }

const PART_BYTES = 1024 * 1024
// On a slow link a part is stored before it is full, so that little is lost with a gateway.
const PART_MS = 2000
const RETRY_SECONDS = 60

/**
 * The bytes of one caller's uploads in PostgreSQL, sealed, where every gateway finds them. The offset in the row is the lock: bytes
 * are stored only behind those that are there, so that of two who send at once one is refused, wherever the other is.
 */
export class UploadStore extends DataStore {
  readonly #deps: StoreDeps
  readonly #caller: StoreCaller

  constructor(deps: StoreDeps, caller: StoreCaller) {
    super()
    this.#deps = deps
    this.#caller = caller
    this.extensions = ['creation', 'creation-with-upload', 'expiration', 'termination']
  }

  override async create(upload: Upload): Promise<Upload> {
    const { platform, actor, wish, isThere } = this.#caller
    const { db, limits } = this.#deps
    if (isThere) return this.getUpload(upload.id)
    const { size: length = 0 } = upload
    if (wish === undefined) throw new Error('an upload was begun that nobody described')
    const begun = { ...wish, id: upload.id as UploadId, platform, actor, length }
    if (await insertUpload(db, begun, limits.open)) return upload
    throw new TitianError('too-many', `${platform} has too many unfinished uploads, or too many bytes in them`, {
      retryAfterSeconds: RETRY_SECONDS,
    })
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = await readUpload(this.#deps.db, id, this.#caller.platform)
    if (row === undefined) throw new TitianError('not-found')
    // Its time runs from the last byte; the protocol's server counts from the creation.
    return new Upload({ id, size: row.length, offset: row.received, creation_date: row.touchedAt.toISOString() })
  }

  override async remove(id: string): Promise<void> {
    if (await deleteUpload(this.#deps.db, id, this.#caller.platform)) return
    await this.getUpload(id)
    throw new TitianError('upload-gone', 'all bytes are here, and a batch is made of them')
  }

  /** Stores what comes, part by part, also what came before the sender broke off; gives the new offset. */
  override async write(stream: Readable, id: string, offset: number): Promise<number> {
    const { db, vault, crash } = this.#deps
    const upload = id as UploadId
    let at = offset
    let pieces: Buffer[] = []
    let bytes = 0
    let since = performance.now()
    const flush = async () => {
      if (bytes === 0) return
      const sealed = await sealPart(vault, { platform: this.#caller.platform, upload, at }, Buffer.concat(pieces))
      if (!(await appendPart(db, { id: upload, at, bytes, sealed }))) throw new TitianError('offset-differs')
      at += bytes
      pieces = []
      bytes = 0
      since = performance.now()
      crash('upload:part')
    }
    try {
      for await (const piece of stream) {
        pieces.push(piece)
        bytes += piece.length
        if (bytes >= PART_BYTES || performance.now() - since >= PART_MS) await flush()
      }
    } catch (error) {
      if (!(error instanceof TitianError)) await flush()
      throw error
    }
    await flush()
    return at
  }

  override getExpiration(): number {
    return this.#deps.limits.resumableHours * 3_600_000
  }
}
