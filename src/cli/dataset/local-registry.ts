import { createHmac, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readRegistry } from '../../catalogue/registry.file.ts'
import { type Registry, readParts } from '../../catalogue/registry.ts'
import type { RegistryFiles } from '../../clean/mapping/folder.ts'
import { Diagnostics } from '../../language/diagnostics.ts'
import type { CliContext } from '../context.ts'

type Env = CliContext['env']

/** The registry's folders: the built-in one, and TITIAN_REGISTRY laid over it. */
export function registryRoots({ TITIAN_REGISTRY }: Env): string[] {
  const builtIn = join(import.meta.dirname, '../../registry')
  return TITIAN_REGISTRY ? [builtIn, TITIAN_REGISTRY] : [builtIn]
}

/** The files of the registry as the gateway would read them; `over` is laid over all of it. */
export function registryFiles(env: Env, over?: string): Promise<RegistryFiles> {
  return readRegistry([...registryRoots(env), ...(over === undefined ? [] : [over])])
}

/** A key that is derived needs the gateway's secret to be the same tomorrow; here it only has to be a key, so the secret is thrown away. */
export function throwawayDerive(): (identity: string) => string {
  const secret = randomBytes(32)
  return (identity) => createHmac('sha256', secret).update(identity).digest('hex').slice(0, 32)
}

/**
 * The registry as a command on somebody's own machine uses it. Examples are not run: whoever changes a mapping wants to see
 * what it does first, and `titian dataset test` and the gateway's start run them.
 */
export async function localRegistry(
  env: Env,
  { over, derive = throwawayDerive() }: { over?: string | undefined; derive?: (identity: string) => string } = {},
): Promise<Registry> {
  const diagnostics = new Diagnostics()
  const registry = readParts(await registryFiles(env, over), derive, diagnostics)
  diagnostics.throwIfAny()
  return registry
}
