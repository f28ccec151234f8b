import { Command } from 'commander'
import { areIndexesRemembered, correctionPartsOf, erasurePartsOf } from '../../app-rights.ts'
import { mostAbsentOf } from '../../catalogue/snapshots.ts'
import { type Config, readConfig } from '../../config.ts'
import { type Deps, openDeps } from '../../deps.ts'
import { TitianError } from '../../domain/error.ts'
import { abortTasks } from '../../engine/abort/sweep-tasks.db.ts'
import { chunkBisector, entryIsolator } from '../../engine/poison.db.ts'
import { receiptTask } from '../../engine/receipt/build.db.ts'
import { runStage } from '../../engine/runner.ts'
import { weightsOf } from '../../engine/share/fair-share.ts'
import { startSweeper } from '../../engine/sweep.ts'
import { sweepTasks } from '../../engine/sweep-tasks.ts'
import { deliveryTasks } from '../../forward/sweep-tasks.db.ts'
import { submissionTasks } from '../../intake/submissions/sweep-tasks.db.ts'
import { uploadTasks } from '../../intake/uploads/sweep-tasks.db.ts'
import { longestInHand } from '../../io/observe/progress.ts'
import { openTracing } from '../../io/observe/tracing.ts'
import { proxyFor } from '../../io/proxy.ts'
import { startWatchdog } from '../../io/watchdog.ts'
import { sizeTask } from '../../link/persons/follow-size.db.ts'
import { readModel } from '../../link/score/model-file.ts'
import { retentionTask } from '../../link/withdraw/retention.db.ts'
import { snapshotTasks } from '../../link/withdraw/sweep-tasks.db.ts'
import { parseNetworks } from '../../notify/address.ts'
import { openPoster } from '../../notify/post.client.ts'
import { startSender } from '../../notify/sender.db.ts'
import { webhookTasks } from '../../notify/sweep-tasks.db.ts'
import { pipeline } from '../../pipeline.ts'
import { resultTasks } from '../../results/sweep-tasks.db.ts'
import { correctionTask } from '../../rights/correct/correction.db.ts'
import { erasureTask } from '../../rights/erase.db.ts'
import { accessTasks } from '../../trust/access/sweep-tasks.db.ts'
import { platformsWithout } from '../../trust/agreements/agreement.ts'
import { retentionsAt } from '../../trust/agreements/retention.ts'
import { checkpointTask } from '../../trust/audit/checkpoint.db.ts'
import { reindexTask } from '../../trust/reindex/reindex.db.ts'
import { resealTask } from '../../trust/reseal/reseal.db.ts'
import { takeBackTask } from '../backup/take-back.db.ts'
import type { CliContext } from '../context.ts'
import { openAlerting } from './alerting.ts'
import { keepEndNoted } from './known-end.ts'
import { compareWithReceiver } from './receiver-end.ts'
import { receiverOf } from './receiver-of.ts'
import { serveUntilStopped } from './service.ts'
import { showOnDuty } from './show-on-duty.ts'

export function workCommand(context: CliContext): Command {
  return new Command('work')
    .description('Work chunks until stopped: as many processes, on as many machines, as you like')
    .action(async () => {
      const config = readConfig(context.env)
      using watchdog = startWatchdog(config.BUSY_SECONDS)
      await using tracing = await openTracing(context.env, 'worker')
      await using deps = await openDeps(config, context.dataDir, 'worker', tracing)
      watchdog.watch(() => longestInHand(deps.metrics.progress), config.STUCK_SECONDS)
      const { platforms } = deps.registry
      const shares = {
        weights: weightsOf(platforms.values()),
        withoutAgreement: () => platformsWithout(platforms.values(), new Date()),
      }
      await using noting = await keepEndNoted(deps, context.dataDir)
      await using receiver = receiverOf(config, deps)
      if (config.FORWARD === 'push' && receiver === undefined)
        throw new TitianError('config-invalid', 'FORWARD is push and RECEIVER_URL is not set')
      await using compared = receiver && (await compareWithReceiver({ ...deps, receiver }))
      const unsafe = [noting.signal, ...(compared ? [compared.signal] : [])]
      // Its first chunk need not wait until the thread has compiled the registry.
      await deps.startCleaner()
      const bisect = chunkBisector({ vault: deps.vault, poisonClaims: config.POISON_CLAIMS })
      const isolate = entryIsolator(deps)
      const listeners = pipeline(deps, receiver).flatMap((stage) =>
        runStage(stage, { ...deps, ...shares, bisect, isolate }),
      )
      const sweeper = startSweeper(deps, [
        ...sweepTasks(deps.queue, config, shares),
        ...deliveryTasks(config),
        ...resultTasks(config),
        ...webhookTasks(deps.registry.platforms),
        ...abortTasks(deps),
        ...submissionTasks(config),
        ...uploadTasks(config),
        ...accessTasks,
        ...snapshotTasks({ mostAbsent: mostAbsentOf(deps.registry), crash: deps.crash }),
        sizeTask({ ...deps, scoringModel: readModel(deps.registry.linkage) }),
        retentionTask({
          retentions: () => retentionsAt(deps.registry.platforms.values(), new Date()),
          crash: deps.crash,
        }),
        receiptTask(deps),
        checkpointTask({ ...deps, clock: () => new Date() }),
        resealTask(deps),
        reindexTask({ ...deps, isBusy: areIndexesRemembered }),
        erasureTask({ ...deps, erasureParts: erasurePartsOf(deps.vault) }),
        correctionTask({ ...deps, correctionParts: correctionPartsOf(deps.vault) }),
        ...(receiver ? [takeBackTask({ ...deps, receiver })] : []),
      ])
      await using _notifying = openNotify(config, deps)
      await using _shown = await showOnDuty(deps, 'worker', context)
      await using _alerting = openAlerting(deps, context.dataDir)
      await serveUntilStopped({ ...context, signal: AbortSignal.any([context.signal, ...unsafe]) })
      // What is in hand is finished; what was dispatched and not begun is dispatched again by others.
      await sweeper.close()
      await Promise.all(listeners.map((listener) => listener.close()))
      for (const signal of unsafe) signal.throwIfAborted()
    })
}

/** Sends webhooks until it is disposed of: what is in hand is finished, or left to others. */
function openNotify(config: Config, deps: Deps): AsyncDisposable {
  const poster = openPoster({
    networks: parseNetworks(config.WEBHOOK_NETWORKS),
    deadlineMs: config.WEBHOOK_SECONDS * 1000,
    proxyFor: (url) => proxyFor(url, config),
  })
  const sender = startSender({ ...deps, poster, callSeconds: config.WEBHOOK_SECONDS, random: Math.random })
  return {
    async [Symbol.asyncDispose]() {
      await sender.close()
      await poster.close()
    },
  }
}
