import { Command } from 'commander'
import { auditCommand } from './audit.ts'
import { batchCommand } from './batch.ts'
import { checkCommand } from './check.ts'
import { clientsCommand } from './clients.ts'
import type { CliContext } from './context.ts'
import { datasetCommand } from './dataset.ts'
import { demoCommand } from './demo.ts'
import { keysCommand } from './keys.ts'
import { linkCommand } from './link.ts'
import { linksCommand } from './links.ts'
import { migrateCommand } from './migrate.ts'
import { openapiCommand } from './openapi.ts'
import { pushCommand } from './push.ts'
import { receiverCommand } from './receiver.ts'
import { regionsCommand } from './regions.ts'
import { serveCommand } from './serve.ts'
import { statusCommand } from './status.ts'
import { upCommand } from './up.ts'
import { workCommand } from './work.ts'

const COMMANDS = [
  upCommand,
  demoCommand,
  pushCommand,
  statusCommand,
  batchCommand,
  openapiCommand,
  checkCommand,
  datasetCommand,
  regionsCommand,
  linkCommand,
  linksCommand,
  clientsCommand,
  auditCommand,
  keysCommand,
  serveCommand,
  workCommand,
  receiverCommand,
  migrateCommand,
]

/** The whole command line; commands can be walked, so that a test compares them with the README. */
export function buildProgram(context: CliContext): Command {
  const program = new Command('titian')
    .description('Integration gateway between regional platforms and BPS')
    .version('0.1.0')
  for (const command of COMMANDS) program.addCommand(command(context))
  return program
}
