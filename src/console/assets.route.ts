import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'

export const LIVE_SCRIPT = '/console/assets/live.js'

/** The script of the console, from this machine. */
export async function consoleAssets(app: FastifyInstance): Promise<void> {
  const text = await readFile(join(import.meta.dirname, 'assets', 'live.js'), 'utf8')
  const config = { public: 'a script that everybody may read' }
  app.get('/console/assets/live.js', { config, schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' })
      .send(text),
  )
}
