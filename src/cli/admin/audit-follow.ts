import { setTimeout as wait } from 'node:timers/promises'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { lastAuditRow, readAuditRows, selectAuditHash } from '../../trust/audit/audit.sql.ts'
import { AUDIT_START, type AuditEnd, type AuditFault, type AuditRow, walkAudit } from '../../trust/audit/audit.ts'
import type { CliContext } from '../context.ts'

const PAUSE_MS = 1000

type Options = { data: string; after?: string; end?: true; json?: true }

/** `titian audit follow`: prints rows of the log as they come, and stops at the first that does not follow the one before. */
export function followCommand(context: CliContext, faults: Record<AuditFault['why'], string>): Command {
  return new Command('follow')
    .description('Print rows of the audit log as they come, until Ctrl-C; exit 1 at the first that does not follow')
    .option('--after <row>', 'begin after this row; else with what comes from now on')
    .option('--end', 'end where the log ends')
    .option('--data <dir>', 'data folder of the installation', context.dataDir)
    .option('--json', 'print a row as a line of JSON')
    .action(async (options: Options) => {
      const { after, json } = options
      if (after !== undefined && !/^(0|[1-9]\d{0,14})$/.test(after))
        throw new TitianError('bad-request', '--after is the number of a row, or 0')
      const db = await context.openDatabase(options.data)
      try {
        const start = after === undefined ? await lastAuditRow(db) : Number(after)
        let end: AuditEnd = { sequence: start, hash: await hashAt(start) }
        while (!context.signal.aborted) {
          const rows = await readAuditRows(db, end.sequence)
          const walked = walkAudit(rows, end)
          for (const row of rows) if (row.sequence <= walked.end.sequence) context.out(json ? jsonOf(row) : textOf(row))
          if (walked.fault !== undefined) {
            context.err(`row ${walked.fault.sequence} ${faults[walked.fault.why]}`)
            context.exit(1)
            return
          }
          end = walked.end
          if (rows.length > 0) continue
          if (options.end) return
          await wait(PAUSE_MS, undefined, { signal: context.signal }).catch(() => undefined)
        }
      } finally {
        await db.end()
      }

      async function hashAt(row: number): Promise<string> {
        const hash = row === 0 ? AUDIT_START.hash : await selectAuditHash(db, row)
        if (hash === undefined) throw new TitianError('not-found', `the audit log has no row ${row}`)
        return hash
      }
    })
}

function jsonOf({ sequence, at, actor, action, kind, object, shown, hash }: AuditRow): string {
  return JSON.stringify({ row: sequence, at: at.toISOString(), actor, action, kind, object, shown, hash })
}

function textOf({ sequence, at, actor, action, object, shown }: AuditRow): string {
  const told = Object.entries(shown ?? {}).map(([name, value]) => `${name}=${value}`)
  return [sequence, at.toISOString(), actor, action, object, ...(told.length > 0 ? [told.join(' ')] : [])].join('\t')
}
