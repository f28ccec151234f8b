import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { cleanHere } from '../../clean/clean-here.ts'
import { readConfig } from '../../config.ts'
import { openRegistry } from '../../deps.ts'
import { openLog } from '../../io/observe/log.ts'
import { openMetrics } from '../../io/observe/metrics.ts'
import { openPool } from '../../io/postgres/postgres.ts'
import { selectFigures } from '../../reports/figures.sql.ts'
import { createKeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import type { CliContext } from '../context.ts'

/** Where the committed document lies. */
export const GATEWAY_DOCUMENT = join(import.meta.dirname, '../../../openapi/gateway.json')

export function openapiCommand(context: CliContext): Command {
  return new Command('openapi')
    .description('Write openapi/gateway.json from the routes, or with --check compare it')
    .option('--check', 'write nothing; fail when the file is not what the routes say')
    .action(async ({ check }: { check?: boolean }) => {
      const document = await gatewayDocument()
      if (!check) {
        await writeFile(GATEWAY_DOCUMENT, document)
        context.out(GATEWAY_DOCUMENT)
        return
      }
      const isSame = (await readFile(GATEWAY_DOCUMENT, 'utf8').catch(() => '')) === document
      if (isSame) return
      context.err('openapi/gateway.json is not what the routes say: run titian openapi')
      context.exit(1)
    })
}

/** The OpenAPI document of the routes and the built-in registry, as text; nothing is connected to. */
export async function gatewayDocument(): Promise<string> {
  const url = 'postgres://127.0.0.1:1/none'
  const ring = createKeyRing(new Date())
  const vault = openVault(ring)
  const db = openPool(url, 1)
  const registry = await openRegistry({}, vault)
  const app = await buildApp({
    config: readConfig({ DATABASE_URL: url }),
    db,
    ring,
    reloadKeys: () => ring,
    vault,
    registry,
    cleaner: cleanHere(registry, vault),
    queue: { dispatch: () => Promise.resolve(), boards: () => [] },
    log: openLog({ LOG_LEVEL: 'silent' }, 'openapi'),
    metrics: openMetrics({ db, readFigures: selectFigures }),
    crash: () => undefined,
    publicUrl: 'http://localhost',
  })
  try {
    await app.ready()
    return `${JSON.stringify(app.swagger(), null, 2)}\n`
  } finally {
    await app.close()
    await db.end()
  }
}
