import { Command } from 'commander'
import { alertsCommand } from './admin/alerts.ts'
import { auditCommand } from './admin/audit.ts'
import { clientsCommand } from './admin/clients.ts'
import { deliveriesCommand } from './admin/deliveries.ts'
import { doctorCommand } from './admin/doctor.ts'
import { keysCommand } from './admin/keys.ts'
import { openapiCommand } from './admin/openapi.ts'
import { peopleCommand } from './admin/people.ts'
import { psqlCommand } from './admin/psql.ts'
import { backupCommand } from './backup/backup.ts'
import { batchCommand } from './client/batch.ts'
import { pushCommand } from './client/push.ts'
import { receiptCommand } from './client/receipt.ts'
import { reconcileCommand } from './client/reconcile.ts'
import { resultsCommand } from './client/results.ts'
import { statusCommand } from './client/status.ts'
import { subjectCommand } from './client/subject.ts'
import { webhooksCommand } from './client/webhooks.ts'
import { withdrawCommand } from './client/withdraw.ts'
import { completionCommand } from './completion.ts'
import type { CliContext } from './context.ts'
import { checkCommand } from './dataset/check.ts'
import { datasetCommand } from './dataset/dataset.ts'
import { regionsCommand } from './dataset/regions.ts'
import { tryCommand } from './dataset/try.ts'
import { demoCommand } from './demo/demo.ts'
import { batchesCommand } from './duty/batches.ts'
import { breachCommand } from './duty/breach.ts'
import { findingsCommand } from './duty/findings.ts'
import { heldCommand } from './duty/held.ts'
import { queuesCommand } from './duty/queues.ts'
import { recordCommand } from './duty/record.ts'
import { retentionCommand } from './duty/retention.ts'
import { linkCommand } from './link/link.ts'
import { linksCommand } from './link/links.ts'
import { programmesCommand } from './programmes/programmes.ts'
import { exportCommand } from './pull/export.ts'
import { pullCommand } from './pull/pull.ts'
import { migrateCommand } from './run/migrate.ts'
import { receiverCommand } from './run/receiver.ts'
import { restoreCommand } from './run/restore.ts'
import { serveCommand } from './run/serve.ts'
import { upCommand } from './run/up.ts'
import { workCommand } from './run/work.ts'

const COMMANDS = [
  upCommand,
  demoCommand,
  pushCommand,
  pullCommand,
  exportCommand,
  withdrawCommand,
  subjectCommand,
  breachCommand,
  retentionCommand,
  statusCommand,
  batchesCommand,
  findingsCommand,
  heldCommand,
  recordCommand,
  queuesCommand,
  batchCommand,
  resultsCommand,
  webhooksCommand,
  receiptCommand,
  reconcileCommand,
  openapiCommand,
  checkCommand,
  tryCommand,
  datasetCommand,
  regionsCommand,
  linkCommand,
  linksCommand,
  programmesCommand,
  clientsCommand,
  peopleCommand,
  alertsCommand,
  auditCommand,
  deliveriesCommand,
  doctorCommand,
  keysCommand,
  psqlCommand,
  serveCommand,
  workCommand,
  receiverCommand,
  migrateCommand,
  backupCommand,
  restoreCommand,
  completionCommand,
]

/** The whole command line; commands can be walked, so that a test compares them with docs/commands.md. */
export function buildProgram(context: CliContext): Command {
  const program = new Command('titian')
    .description('Integration gateway between regional platforms and BPS')
    .version('0.1.0')
  for (const command of COMMANDS) program.addCommand(command(context))
  return program
}
