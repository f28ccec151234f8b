/** What a signature over an answer to a pull says of itself. */
export const PULL_TAG = 'titian-pull'

/** What every such signature covers: the status, and the request that was answered. */
export const ALWAYS_COVERED = ['@status', '@method;req', '@path;req', '@query;req'] as const

/** Headers that it covers where the answer has them. */
export const CONTENT_COVERED = [
  'content-type',
  'content-encoding',
  'content-digest',
  'titian-manifest',
  'titian-next',
] as const
