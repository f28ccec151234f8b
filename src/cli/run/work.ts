import { Command } from 'commander'
import { mostAbsentOf } from '../../catalogue/snapshots.ts'
import { type Config, readConfig } from '../../config.ts'
import { type Deps, openDeps } from '../../deps.ts'
import { TitianError } from '../../domain/error.ts'
import { abortTasks } from '../../engine/abort/sweep-tasks.db.ts'
import { chunkBisector, entryIsolator } from '../../engine/poison.db.ts'
import { runStage } from '../../engine/runner.ts'
import { startSweeper } from '../../engine/sweep.ts'
import { sweepTasks } from '../../engine/sweep-tasks.ts'
import { openReceiver, type ReceiverClient } from '../../forward/receiver.client.ts'
import { deliveryTasks } from '../../forward/sweep-tasks.db.ts'
import { proxyFor } from '../../io/proxy.ts'
import { startWatchdog } from '../../io/watchdog.ts'
import { snapshotTasks } from '../../link/withdraw/sweep-tasks.db.ts'
import { pipeline } from '../../pipeline.ts'
import { signerOf } from '../../trust/keys/signing-keys.ts'
import type { CliContext } from '../context.ts'
import { keepEndNoted } from './known-end.ts'
import { serveUntilStopped } from './service.ts'

export function workCommand(context: CliContext): Command {
  return new Command('work')
    .description('Work chunks until stopped: as many processes, on as many machines, as you like')
    .action(async () => {
      const config = readConfig(context.env)
      using _watchdog = startWatchdog(config.BUSY_SECONDS)
      await using deps = await openDeps(config, context.dataDir, 'worker')
      await using noting = await keepEndNoted(deps, context.dataDir)
      const receiver = openForward(config, deps)
      const bisect = chunkBisector({ vault: deps.vault, poisonClaims: config.POISON_CLAIMS })
      const isolate = entryIsolator(deps)
      const listeners = pipeline(deps, receiver).map((stage) => runStage(stage, { ...deps, bisect, isolate }))
      const sweeper = startSweeper(deps, [
        ...sweepTasks(deps.queue, config),
        ...deliveryTasks(config),
        ...abortTasks(deps),
        ...snapshotTasks({ mostAbsent: mostAbsentOf(deps.registry), crash: deps.crash }),
      ])
      await serveUntilStopped({ ...context, signal: AbortSignal.any([context.signal, noting.signal]) })
      // What is in hand is finished; what was dispatched and not begun is dispatched again by others.
      await sweeper.close()
      await Promise.all(listeners.map((listener) => listener.close()))
      await receiver?.close()
      noting.signal.throwIfAborted()
    })
}

function openForward(config: Config, { ring }: Deps): ReceiverClient | undefined {
  if (config.FORWARD === 'pull') return undefined
  if (!config.RECEIVER_URL) throw new TitianError('config-invalid', 'FORWARD is push and RECEIVER_URL is not set')
  return openReceiver({
    url: config.RECEIVER_URL,
    signer: () => signerOf(ring.deliveries, new Date()),
    deadlineMs: config.RECEIVER_SECONDS * 1000,
    connections: config.CONCURRENCY,
    proxy: proxyFor(config.RECEIVER_URL, config),
  })
}
