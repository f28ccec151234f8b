import { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { mostAbsentOf } from '../../catalogue/snapshots.ts'
import { readConfig } from '../../config.ts'
import { openDeps } from '../../deps.ts'
import { abortTasks } from '../../engine/abort/sweep-tasks.db.ts'
import { startSweeper } from '../../engine/sweep.ts'
import { sweepTasks } from '../../engine/sweep-tasks.ts'
import { deliveryTasks } from '../../forward/sweep-tasks.db.ts'
import { startWatchdog } from '../../io/watchdog.ts'
import { snapshotTasks } from '../../link/withdraw/sweep-tasks.db.ts'
import type { CliContext } from '../context.ts'
import { keepEndNoted } from './known-end.ts'
import { listen } from './listen.ts'
import { serveUntilStopped } from './service.ts'

export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .description('Serve the API until stopped: as many processes, on as many machines, as you like')
    .action(async () => {
      const config = readConfig(context.env)
      using _watchdog = startWatchdog(config.BUSY_SECONDS)
      await using deps = await openDeps(config, context.dataDir, 'gateway')
      await using noting = await keepEndNoted(deps, context.dataDir)
      const app = await buildApp(deps)
      const url = await listen(() => app.listen({ host: config.HOST, port: config.PORT }), config.PORT)
      const sweeper = startSweeper(deps, [
        ...sweepTasks(deps.queue, config),
        ...deliveryTasks(config),
        ...abortTasks(deps),
        ...snapshotTasks({ mostAbsent: mostAbsentOf(deps.registry), crash: deps.crash }),
      ])
      await serveUntilStopped({ ...context, signal: AbortSignal.any([context.signal, noting.signal]) }, url)
      await sweeper.close()
      await app.close()
      noting.signal.throwIfAborted()
    })
}
