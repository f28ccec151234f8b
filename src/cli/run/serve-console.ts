import { buildApp } from '../../app.ts'
import type { AppDeps } from '../../app-parts.ts'
import { listen } from './listen.ts'

/** Serves the console on a listener of its own, where CONSOLE_PORT names one, until it is disposed of. */
export async function serveConsole(deps: AppDeps): Promise<AsyncDisposable> {
  const { CONSOLE_PORT: port, CONSOLE_HOST, HOST } = deps.config
  if (port === undefined) return { [Symbol.asyncDispose]: async () => undefined }
  const app = await buildApp(deps, 'console')
  const url = await listen(() => app.listen({ host: CONSOLE_HOST ?? HOST, port }), port)
  deps.log.info({ url }, 'the console listens')
  return { [Symbol.asyncDispose]: () => app.close() }
}
