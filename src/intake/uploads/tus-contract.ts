import Type from 'typebox'
import { problems } from '../../io/http/openapi.ts'
import { UploadPath } from './upload-view.ts'

const tags = ['uploads']
const text = (description: string, examples: string[] = []) => Type.Optional(Type.String({ description, examples }))
const RESUMABLE = { 'tus-resumable': text('`1.0.0`', ['1.0.0']) }
const nothing = (description: string, headers: Record<string, string> = {}) => ({
  ...Type.Null({ description }),
  headers: Object.fromEntries(
    Object.entries({ 'Tus-Resumable': '`1.0.0`', ...headers }).map(([name, about]) => [
      name,
      { type: 'string', description: about },
    ]),
  ),
})

/** What the operations of the tus protocol are called and say, for whoever reads the OpenAPI document. */
export const TUS_OPTIONS = {
  operationId: 'uploadOptions',
  tags,
  summary: 'Which version and extensions of tus are spoken',
  description:
    'tus 1.0.0 (https://tus.io/protocols/resumable-upload) with creation, creation-with-upload, expiration and termination.',
  response: {
    204: nothing('See the headers', {
      'Tus-Version': 'versions',
      'Tus-Extension': 'extensions',
      'Tus-Max-Size': 'bytes at most',
    }),
    ...problems('type-unsupported'),
  },
}

export const TUS_BEGIN = {
  operationId: 'beginUpload',
  tags,
  summary: 'Begin a resumable upload',
  description: [
    'By the tus protocol: any client of it will do. The bytes follow by `PATCH` to `Location`; when all are here, a batch is made of them',
    '(`GET` of the same address tells which). Any gateway goes on with any upload at its byte.',
    'Metadata: `dataset`, and `filename` or `filetype` (and `contentencoding`); optional are `key` (the Idempotency-Key of the batch), `sha256`',
    '(in hexadecimal: checked at the end, and an unfinished upload of the same bytes is found again by it), `mode` (`snapshot`), and `submission`',
    'with `file`, to make it a file of an open submission.',
  ].join('\n'),
  headers: Type.Object({
    ...RESUMABLE,
    'upload-length': text('bytes of the whole', ['1048576']),
    'upload-metadata': text('pairs of a name and its value in Base64', ['dataset Y2FyaWs=,filename YS5uZGpzb24=']),
  }),
  response: {
    201: nothing('It is begun, or an unfinished one of the same bytes was found', { Location: 'where the bytes go' }),
    ...problems(
      'bad-request',
      'body-empty',
      'body-too-large',
      'type-unsupported',
      'encoding-unsupported',
      'agreement-missing',
      'agreement-not-in-force',
      'dataset-unknown',
      'protocol-version',
      'offset-differs',
      'body-broken',
      'too-many',
    ),
  },
}

export const TUS_OFFSET = {
  operationId: 'readUploadOffset',
  tags,
  summary: 'At which byte an upload goes on',
  description:
    'The answer has no body: `Upload-Offset` is how many bytes are stored, `Upload-Length` how many there will be.',
  params: UploadPath,
  headers: Type.Object(RESUMABLE),
  response: {
    200: nothing('See the headers', {
      'Upload-Offset': 'bytes that are stored',
      'Upload-Length': 'bytes of the whole',
    }),
    ...problems('bad-request', 'not-found', 'upload-gone', 'protocol-version'),
  },
}

export const TUS_ADDED = {
  operationId: 'continueUpload',
  tags,
  summary: 'Send bytes of an upload',
  description:
    'From `Upload-Offset` on, which must be where the stored bytes end. What came before the connection broke is kept.',
  consumes: ['application/offset+octet-stream'],
  params: UploadPath,
  headers: Type.Object({ ...RESUMABLE, 'upload-offset': text('where these bytes belong', ['0']) }),
  response: {
    204: nothing('They are stored', {
      'Upload-Offset': 'bytes that are stored by now',
      'Upload-Expires': 'when it is discarded',
    }),
    ...problems(
      'bad-request',
      'not-found',
      'offset-differs',
      'upload-gone',
      'protocol-version',
      'body-broken',
      'body-too-large',
    ),
  },
}

export const TUS_END = {
  operationId: 'endUpload',
  tags,
  summary: 'End an upload that is not whole',
  description: 'Its bytes are destroyed. One that is whole becomes a batch, and is ended by aborting that.',
  params: UploadPath,
  headers: Type.Object(RESUMABLE),
  response: {
    204: nothing('It is gone'),
    ...problems('bad-request', 'not-found', 'upload-gone', 'protocol-version', 'type-unsupported'),
  },
}
