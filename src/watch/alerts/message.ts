import type { Alert } from './alert.sql.ts'
import { CONDITIONS } from './conditions.ts'
import { runbookOf } from './rules.ts'

/** One message about all that is new: for a webhook as data, for a mail as text. */
export type AlertMessage = { subject: string; text: string; data: object }

/** Words alerts: names, figures, times, what to do. No personal value is in them, since none is in figures. */
export function messageOf(alerts: readonly Alert[], installation: string): AlertMessage {
  const told = alerts.map(({ name, of, value, since, ended }) => {
    const { severity, id = '', en = '', todo = '' } = CONDITIONS.find((condition) => condition.name === name) ?? {}
    return { name, of, severity, value, since: since.toISOString(), ended, id, en, todo, runbook: runbookOf(name) }
  })
  const firing = told.filter(({ ended }) => !ended)
  const ended = told.filter((one) => one.ended)
  const names = [...new Set((firing.length > 0 ? firing : ended).map(({ name }) => name))]
  return {
    subject: `[Titian] ${firing.length > 0 ? '' : 'ended: '}${names.join(', ')}`.slice(0, 200),
    text: [
      `Titian ${installation}`,
      ...firing.map(
        (one) =>
          `\n${one.name}${one.of && ` (${one.of})`}: ${one.value}, since ${one.since}\n${one.id}.\n${one.en}.\nTo do: ${one.todo}.\n${one.runbook}`,
      ),
      ...ended.map((one) => `\nEnded: ${one.name}${one.of && ` (${one.of})`}, since ${one.since}`),
      '',
    ].join('\n'),
    data: { kind: 'titian.alerts', installation, firing, ended },
  }
}
