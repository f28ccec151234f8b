import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Dataset, SourceFormat } from '../domain/dataset.ts'
import type { RawEntry } from '../domain/entry.ts'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import type { LooseEntry } from '../engine/chunks/packing.ts'
import type { FileForm } from '../engine/file-form.ts'
import { coveredDataset, type IntakeRegistry } from '../trust/agreements/agreement.ts'
import { compareDigests, readDigests, refuseTrailers } from './digest-head.http.ts'
import { type BodyLimits, readBody } from './formats/body.ts'
import type { ContentEncoding } from './formats/unpack.ts'
import { type UploadOptions, uploadEntries, uploadGroups } from './read-upload.file.ts'
import { readContentEncoding, readMediaType } from './upload-head.ts'
import { choiceOf, type SheetQuery } from './workbook/choice.ts'
import type { WorkbookTurns } from './workbook/turns.file.ts'

export type IncomingLimits = BodyLimits & { recordBytes: number; workbooks: WorkbookTurns }

/** An upload of a platform whose head was found right and whose body is still to be read. */
export type IncomingUpload = IncomingBody & { platform: Platform; dataset: Dataset }

/** A body whose head was found right, still to be read. */
export type IncomingBody = {
  /** Reads the body as entries. */
  entries(): AsyncGenerator<RawEntry>
  /** The same in groups, for storing. */
  groups(): AsyncGenerator<LooseEntry[]>
  /** Reads the body only for its digest. */
  skim(): Promise<void>
  /** When the body is read: what was received, and how it was read. Throws `body-empty`, `digest-mismatch` and `digest-invalid`. */
  finish(): { bytes: number; sha256: Buffer; form: FileForm | undefined }
}

/** A body with the head that says what it is: that of a request, or one that was stored before. */
export type BodyWithHead = {
  headers: Readonly<Record<string, string | string[] | undefined>> & {
    'content-type'?: string | undefined
    'content-encoding'?: string | undefined
  }
  body: unknown
  raw: { trailers?: object }
}

/** Checks the head of an upload against the caller, the registry and the format of the dataset; nothing is read yet. */
export function openIncoming(
  request: FastifyRequest,
  datasetName: string,
  {
    registry,
    limits,
    now,
    choice,
  }: { registry: IntakeRegistry; limits: IncomingLimits; now: Date; choice?: SheetQuery },
): IncomingUpload {
  const { platform: platformName, client } = request.caller
  if (platformName === null) throw new TitianError('scope-missing', `client ${client} speaks for no platform`)
  const { platform, dataset } = coveredDataset(registry, platformName, datasetName, now)
  return { platform, dataset, ...openBody(request, dataset.format, limits, { platform: platform.name, choice }) }
}

/** Checks the head of a body of a platform that comes in a format; nothing is read yet. */
export function openBody(
  request: BodyWithHead,
  format: SourceFormat,
  { workbooks, ...limits }: IncomingLimits,
  { platform, choice = {} }: { platform: string; choice?: SheetQuery | undefined },
): IncomingBody {
  const { headers } = request
  const { array, charset, isWorkbook } = readMediaType(headers['content-type'], format)
  const encoding = readContentEncoding(headers['content-encoding'])
  const digests = readDigests(headers)
  if (Number(headers['content-length'] ?? 0) > limits.packedBytes) throw new TitianError('body-too-large')

  const body = (as: ContentEncoding, bounds: BodyLimits) =>
    readBody(bytesOf(request.body), as, bounds, (piece) => {
      for (const { check } of digests) check.update(piece)
    })
  let open = body(encoding, limits)

  let form: FileForm | undefined
  const options: UploadOptions = {
    recordBytes: limits.recordBytes,
    array,
    ...(charset !== undefined && { charset }),
    kind: isWorkbook === true ? 'workbook' : 'text',
    limits,
    turn: () => workbooks.take(platform),
    ...choiceOf(choice),
    tell: (told) => {
      form = told
    },
  }

  return {
    entries: () => uploadEntries(open.pieces, format, options),
    groups: () => uploadGroups(open.pieces, format, options),
    async skim() {
      open = body('identity', { ...limits, unpackedBytes: limits.packedBytes })
      for await (const _piece of open.pieces);
    },
    finish() {
      const received = open.received()
      if (received.bytes === 0) throw new TitianError('body-empty')
      // A request from within this process has no trailers at all.
      refuseTrailers(Object.keys(request.raw.trailers ?? {}))
      compareDigests(digests)
      return { ...received, form }
    },
  }
}

/** The raw body. Leaving it half read must not destroy the connection, on which the answer still has to go out. */
function bytesOf(body: unknown): AsyncIterable<Buffer> {
  if (body === undefined || body === null) return (async function* () {})()
  if (!(body instanceof Readable)) throw new Error('the body was parsed before intake saw it')
  return body.iterator({ destroyOnReturn: false })
}
