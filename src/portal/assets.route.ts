import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const FILES = {
  'upload.js': join(import.meta.dirname, 'assets', 'upload.js'),
  'tus.min.js': join(
    dirname(createRequire(import.meta.url).resolve('tus-js-client/package.json')),
    'dist',
    'tus.min.js',
  ),
} as const

/** The scripts of the portal, from this machine: nothing is asked of another host. */
export async function assetRoutes(app: FastifyInstance): Promise<void> {
  for (const [name, path] of Object.entries(FILES)) {
    const text = await readFile(path, 'utf8')
    app.get(
      `/portal/assets/${name}`,
      { config: { public: 'a script that everybody may read' }, schema: { hide: true } },
      async (_request, reply) =>
        reply
          .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' })
          .send(text),
    )
  }
}
