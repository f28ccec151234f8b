import { Command } from 'commander'
import { readConfig } from '../../config.ts'
import { openDeps } from '../../deps.ts'
import { TitianError } from '../../domain/error.ts'
import { chunkBisector, entryIsolator } from '../../engine/poison.db.ts'
import { runStage } from '../../engine/runner.ts'
import { startSweeper } from '../../engine/sweep.ts'
import { sweepTasks } from '../../engine/sweep-tasks.ts'
import { deliveryTasks } from '../../forward/sweep-tasks.db.ts'
import { startWatchdog } from '../../io/watchdog.ts'
import { pipeline } from '../../pipeline.ts'
import type { CliContext } from '../context.ts'
import { keepEndNoted } from './known-end.ts'
import { compareWithReceiver } from './receiver-end.ts'
import { receiverOf } from './receiver-of.ts'
import { serveUntilStopped } from './service.ts'

export function workCommand(context: CliContext): Command {
  return new Command('work')
    .description('Work chunks until stopped: as many processes, on as many machines, as you like')
    .action(async () => {
      const config = readConfig(context.env)
      using _watchdog = startWatchdog(config.BUSY_SECONDS)
      await using deps = await openDeps(config, context.dataDir, 'worker')
      await using noting = await keepEndNoted(deps, context.dataDir)
      await using receiver = receiverOf(config, deps)
      if (config.FORWARD === 'push' && receiver === undefined)
        throw new TitianError('config-invalid', 'FORWARD is push and RECEIVER_URL is not set')
      await using compared = receiver && (await compareWithReceiver({ ...deps, receiver }))
      const unsafe = [noting.signal, ...(compared ? [compared.signal] : [])]
      const bisect = chunkBisector({ vault: deps.vault, poisonClaims: config.POISON_CLAIMS })
      const isolate = entryIsolator(deps)
      const listeners = pipeline(deps, receiver).map((stage) => runStage(stage, { ...deps, bisect, isolate }))
      const sweeper = startSweeper(deps, [...sweepTasks(deps.queue, config), ...deliveryTasks(config)])
      await serveUntilStopped({ ...context, signal: AbortSignal.any([context.signal, ...unsafe]) })
      // What is in hand is finished; what was dispatched and not begun is dispatched again by others.
      await sweeper.close()
      await Promise.all(listeners.map((listener) => listener.close()))
      for (const signal of unsafe) signal.throwIfAborted()
    })
}
