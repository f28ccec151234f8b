import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { SingleBar } from 'cli-progress'
import { Command } from 'commander'
import type { BatchView } from '../../engine/batch-view.sql.ts'
import { findCredentials } from '../client/credentials.ts'
import { filePayload } from '../client/payload.ts'
import { type Gateway, openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { type Installation, type InstallationOptions, startInstallation } from '../run/installation.ts'
import { withInstallationOptions } from '../run/up.ts'
import { formatCandidates, makeCandidateLists } from './demo-candidates.ts'
import { countDeliveries, countFindings } from './demo-count.ts'
import { type DemoFile, findDemoFiles } from './demo-files.ts'
import { formatReconciliation, isReconciled, reconcile } from './demo-reconciliation.ts'
import { type DemoReport, formatReport, isClosed, totalOf } from './demo-report.ts'
import { loopResults } from './demo-results.ts'
import { readReceiverCounts } from './receiver-counts.client.ts'
import { readReceiverResults } from './receiver-results.client.ts'

// The stand-in's results hold for the last day of it.
const QUARTER = '2025-Q4'

type Options = InstallationOptions & { samples: string; json?: string }
type Pushed = { file: DemoFile; gateway: Gateway; batch: BatchView }

export function demoCommand(context: CliContext): Command {
  return withInstallationOptions(new Command('demo'), context)
    .description('Start everything, push sample files as their platforms would, report what became of them, and stop')
    .option('--samples <dir>', 'folder of <platform>/<dataset> files', (dir) => resolve(dir), SAMPLES)
    .option('--json <file>', 'write the report as JSON too')
    .action(async (options: Options) => {
      const started = performance.now()
      const files = await findDemoFiles(options.samples)
      context.err(`Starting in ${options.data}`)
      await using installation = await startInstallation(context, options)
      await using gateways = openGateways(context, options.data)
      const pushed = await pushAll(files, gateways, context)
      const settled = await settleAll(pushed, context)
      const report = await makeReport(settled, gateways, installation, started)
      const platforms = [...new Set(files.map(({ platform }) => platform))].sort()
      const lists = await makeCandidateLists(platforms, gateways.platform)
      const reconciliation = await reconcile(platforms, gateways.platform, QUARTER)
      const lines = [formatReport(report), formatCandidates(lists), formatReconciliation(reconciliation, QUARTER)]
      for (const line of lines.flatMap((part) => [...part, ''])) context.out(line)
      const written = { ...report, candidates: lists.candidates, reconciliation }
      if (options.json) await writeFile(options.json, `${JSON.stringify(written, null, 2)}\n`)
      if (!report.ok || !isReconciled(reconciliation)) context.exit(1)
    })
}

const SAMPLES = join(import.meta.dirname, '..', '..', '..', 'tests', 'samples')

type Gateways = AsyncDisposable & { platform(name: string): Promise<Gateway>; role(name: string): Promise<Gateway> }

function openGateways({ signal }: CliContext, data: string): Gateways {
  const open = new Map<string, Gateway>()
  const get = async (name: string, wanted: { platform: string } | { role: string }) => {
    const known = open.get(name) ?? openGatewayClient(await findCredentials({}, data, wanted), signal)
    open.set(name, known)
    return known
  }
  return {
    platform: (name) => get(name, { platform: name }),
    role: (name) => get(name, { role: name }),
    async [Symbol.asyncDispose]() {
      await Promise.all([...open.values()].map((gateway) => gateway.close()))
    },
  }
}

/** Platforms push at the same time, each its own files one after the other. A fresh key makes every run a push of its own. */
async function pushAll(files: readonly DemoFile[], gateways: Gateways, context: CliContext): Promise<Pushed[]> {
  const byPlatform = Map.groupBy(files, ({ platform }) => platform)
  const pushed = await Promise.all(
    [...byPlatform].map(async ([platform, own]) => {
      const gateway = await gateways.platform(platform)
      const done: Pushed[] = []
      for (const file of own) {
        const { batch } = await gateway.push(file.dataset, randomUUID(), await filePayload(file.path))
        if (!context.interactive) context.err(`pushed ${platform}/${file.dataset}: ${batch.counts.received} records`)
        done.push({ file, gateway, batch })
      }
      return done
    }),
  )
  return pushed.flat()
}

async function settleAll(pushed: readonly Pushed[], context: CliContext): Promise<Pushed[]> {
  const left = new Map(pushed.map(({ batch }) => [batch.id, batch.counts.pending]))
  const total = pushed.reduce((sum, { batch }) => sum + batch.counts.received, 0)
  const bar = context.interactive
    ? new SingleBar({
        format: 'settling {bar} {value}/{total} {eta_formatted}',
        stream: process.stderr,
        hideCursor: true,
      })
    : undefined
  bar?.start(total, 0)
  const settled = await Promise.all(
    pushed.map(async (one) => {
      const batch = await one.gateway.settled(one.batch.id, ({ id, counts }) => {
        left.set(id, counts.pending)
        bar?.update(total - [...left.values()].reduce((sum, count) => sum + count, 0))
      })
      if (!bar) context.err(`settled ${one.file.platform}/${one.file.dataset}`)
      return { ...one, batch }
    }),
  )
  bar?.stop()
  return settled
}

async function makeReport(
  settled: readonly Pushed[],
  gateways: Gateways,
  { receiver: { url, token } }: Installation,
  started: number,
): Promise<DemoReport> {
  const batches = settled.map(({ file, batch }) => ({
    file: basename(file.path),
    platform: file.platform,
    dataset: file.dataset,
    batch: batch.id,
    state: batch.state,
    counts: batch.counts,
    gap: batch.gap,
  }))
  const totals = totalOf(batches.map(({ counts }) => counts))
  const ids = new Set(batches.map(({ batch }) => batch))
  const deliveries = await countDeliveries(await gateways.role('bps'), ids, totals.new + totals.updated)
  const results = await loopResults(
    await gateways.role('bps-results'),
    await readReceiverResults(url, token),
    new Map(settled.map(({ file, gateway }) => [file.platform, gateway])),
  )
  const conservation = await (await gateways.role('ops')).get<{ gap: number }>('/v1/conservation')
  const findings = await countFindings(settled.map(({ batch: { id }, gateway }) => ({ id, gateway })))
  const receiver = await readReceiverCounts(url, token)
  const report = {
    batches,
    totals,
    findings,
    deliveries,
    receiver,
    results,
    conservation: { gap: conservation.gap },
    seconds: (performance.now() - started) / 1000,
  }
  return { ...report, ok: isClosed(report) }
}
