import Type from 'typebox'
import type { ErrorCode } from '../domain/error.ts'

/** The head of every upload that is stored. */
export const UPLOAD_HEADERS = {
  'content-encoding': Type.Optional(
    Type.String({ description: '`gzip` (also called `x-gzip`) or `zstd`', examples: ['gzip'] }),
  ),
  'content-digest': Type.Optional(
    Type.String({ description: 'RFC 9530, over the body as sent: sha-256 or sha-512; not in a trailer' }),
  ),
  'repr-digest': Type.Optional(
    Type.String({ description: 'The same over a body that is sent whole; checked as well' }),
  ),
}

/** What can be wrong with an upload as a whole. */
export const UPLOAD_PROBLEMS = [
  'audit-stale',
  'bad-request',
  'key-missing',
  'digest-invalid',
  'digest-mismatch',
  'body-empty',
  'body-broken',
  'key-running',
  'body-too-large',
  'body-bomb',
  'type-unsupported',
  'encoding-unsupported',
  'key-reused',
  'body-form',
  'csv-header',
  'too-many',
] as const satisfies readonly ErrorCode[]
