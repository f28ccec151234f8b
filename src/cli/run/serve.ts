import { Command } from 'commander'
import { buildApp } from '../../app.ts'
import { sessionLimits } from '../../app-people.ts'
import { areIndexesRemembered, correctionPartsOf, erasurePartsOf } from '../../app-rights.ts'
import { mostAbsentOf } from '../../catalogue/snapshots.ts'
import { readConfig } from '../../config.ts'
import { openDeps } from '../../deps.ts'
import { abortTasks } from '../../engine/abort/sweep-tasks.db.ts'
import { receiptTask } from '../../engine/receipt/build.db.ts'
import { weightsOf } from '../../engine/share/fair-share.ts'
import { startSweeper } from '../../engine/sweep.ts'
import { sweepTasks } from '../../engine/sweep-tasks.ts'
import { deliveryTasks } from '../../forward/sweep-tasks.db.ts'
import { submissionTasks } from '../../intake/submissions/sweep-tasks.db.ts'
import { uploadTasks } from '../../intake/uploads/sweep-tasks.db.ts'
import { freeMemory } from '../../io/free-memory.ts'
import { longestInHand } from '../../io/observe/progress.ts'
import { openTracing } from '../../io/observe/tracing.ts'
import { startWatchdog } from '../../io/watchdog.ts'
import { sizeTask } from '../../link/persons/follow-size.db.ts'
import { readModel } from '../../link/score/model-file.ts'
import { retentionTask } from '../../link/withdraw/retention.db.ts'
import { snapshotTasks } from '../../link/withdraw/sweep-tasks.db.ts'
import { webhookTasks } from '../../notify/sweep-tasks.db.ts'
import { resultTasks } from '../../results/sweep-tasks.db.ts'
import { correctionTask } from '../../rights/correct/correction.db.ts'
import { erasureTask } from '../../rights/erase.db.ts'
import { accessTasks } from '../../trust/access/sweep-tasks.db.ts'
import { platformsWithout } from '../../trust/agreements/agreement.ts'
import { retentionsAt } from '../../trust/agreements/retention.ts'
import { checkpointTask } from '../../trust/audit/checkpoint.db.ts'
import { canSign } from '../../trust/keys/holders.ts'
import { peopleTask } from '../../trust/people/sweep-tasks.db.ts'
import { reindexTask } from '../../trust/reindex/reindex.db.ts'
import { resealTask } from '../../trust/reseal/reseal.db.ts'
import type { CliContext } from '../context.ts'
import { openAlerting } from './alerting.ts'
import { keepEndNoted } from './known-end.ts'
import { listen } from './listen.ts'
import { compareWithReceiver } from './receiver-end.ts'
import { receiverOf } from './receiver-of.ts'
import { serveConsole } from './serve-console.ts'
import { serveUntilStopped } from './service.ts'
import { showOnDuty } from './show-on-duty.ts'

export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .description('Serve the API until stopped: as many processes, on as many machines, as you like')
    .action(async () => {
      const config = readConfig(context.env)
      using watchdog = startWatchdog(config.BUSY_SECONDS)
      await using tracing = await openTracing(context.env, 'gateway')
      await using deps = await openDeps(config, context.dataDir, 'gateway', tracing)
      watchdog.watch(() => longestInHand(deps.metrics.progress), config.STUCK_SECONDS)
      const { platforms } = deps.registry
      const shares = {
        weights: weightsOf(platforms.values()),
        withoutAgreement: () => platformsWithout(platforms.values(), new Date()),
      }
      await using noting = await keepEndNoted(deps, context.dataDir)
      const app = await buildApp({ ...deps, tracing })
      const url = await listen(() => app.listen({ host: config.HOST, port: config.PORT }), config.PORT)
      await using _console = await serveConsole({ ...deps, tracing })
      // Only now: the receiver reads the keys that sign the question from here.
      const signs = canSign(deps.ring.deliveries)
      await using receiver = signs ? receiverOf(config, deps) : undefined
      const asked = receiver && compareWithReceiver({ ...deps, receiver })
      await using compared = await asked?.catch(async (error: unknown) => {
        await app.close()
        throw error
      })
      const unsafe = [noting.signal, ...(compared ? [compared.signal] : [])]
      const sweeper = startSweeper(deps, [
        ...sweepTasks(deps.queue, config, shares),
        ...deliveryTasks(config),
        ...resultTasks(config),
        ...webhookTasks(deps.registry.platforms),
        ...abortTasks(deps),
        ...submissionTasks(config),
        ...uploadTasks(config),
        ...accessTasks,
        peopleTask(sessionLimits(config)),
        ...snapshotTasks({ mostAbsent: mostAbsentOf(deps.registry), crash: deps.crash }),
        sizeTask({ ...deps, scoringModel: readModel(deps.registry.linkage) }),
        retentionTask({
          retentions: () => retentionsAt(deps.registry.platforms.values(), new Date()),
          crash: deps.crash,
        }),
        // Where a gateway was given no key for deliveries, workers sign receipts and the audit log.
        ...(signs ? [receiptTask(deps), checkpointTask({ ...deps, clock: () => new Date() })] : []),
        resealTask(deps),
        reindexTask({ ...deps, isBusy: areIndexesRemembered }),
        erasureTask({ ...deps, erasureParts: erasurePartsOf(deps.vault) }),
        correctionTask({ ...deps, correctionParts: correctionPartsOf(deps.vault) }),
      ])
      await using _shown = await showOnDuty(deps, 'gateway', context)
      await using _alerting = openAlerting(deps, context.dataDir)
      freeMemory()
      await serveUntilStopped({ ...context, signal: AbortSignal.any([context.signal, ...unsafe]) }, url)
      await sweeper.close()
      await app.close()
      for (const signal of unsafe) signal.throwIfAborted()
    })
}
