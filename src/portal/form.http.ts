import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import type { FastifyRequest } from 'fastify'
import { TitianError } from '../domain/error.ts'

/** A form with one file, which is behind the other fields and still to be read. */
export type UploadedForm = { fields: ReadonlyMap<string, string>; name: string; file: Readable }

const LIMITS = { fields: 10, fieldSize: 1000, files: 1, headerPairs: 100 }

/** Reads a `multipart/form-data` up to its file; throws `type-unsupported` for another body, and `body-empty` without a file. */
export function readForm(request: FastifyRequest): Promise<UploadedForm> {
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) throw new TitianError('type-unsupported', 'a form with a file')
  const headers = request.headers as IncomingHttpHeaders & { 'content-type': string }
  const parser = new Busboy({ headers, limits: LIMITS })
  const fields = new Map<string, string>()
  return new Promise((resolve, reject) => {
    parser.on('field', (name, value) => fields.set(name, value))
    parser.on('file', (_field, file, name) => {
      if (name) return resolve({ fields, name, file })
      file.resume()
      reject(new TitianError('body-empty', 'no file was chosen'))
    })
    parser.on('finish', () => reject(new TitianError('body-empty', 'no file was chosen')))
    parser.on('error', (cause) => reject(new TitianError('body-broken', 'the form cannot be read', { cause })))
    request.raw.on('error', () => parser.destroy())
    request.raw.pipe(parser)
  })
}
