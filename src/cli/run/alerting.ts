import { tmpdir } from 'node:os'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { TitianError } from '../../domain/error.ts'
import { proxyFor } from '../../io/proxy.ts'
import { startAlerter } from '../../watch/alerts/alerter.db.ts'
import { mailWay, type Way, webhookWay } from '../../watch/alerts/ways.client.ts'
import { figuresReader } from '../../watch/figures.db.ts'

/** Tells somebody of what is wrong, by the ways that the settings name; null where they name none. Throws `config-invalid`. */
export function openAlerting(
  { db, log, config, registry, publicUrl }: Pick<Deps, 'db' | 'log' | 'config' | 'registry' | 'publicUrl'>,
  data: string,
): AsyncDisposable | null {
  const ways = waysOf(config)
  if (ways.length === 0) return null
  return startAlerter({
    ...{ db, log, ways, installation: publicUrl, folders: { data, temporary: tmpdir() } },
    readFigures: figuresReader([...registry.platforms.values()]),
    limits: { repeatHours: config.ALERT_REPEAT_HOURS, perHour: config.ALERTS_PER_HOUR },
  })
}

function waysOf(config: Config): Way[] {
  const { ALERT_WEBHOOK: webhook, ALERT_SMTP: server, ALERT_FROM: from, ALERT_TO: to } = config
  if (webhook !== undefined && !/^https?:/.test(URL.parse(webhook)?.protocol ?? ''))
    throw new TitianError('config-invalid', 'ALERT_WEBHOOK is no http or https address')
  if (server !== undefined && !/^smtps?:/.test(URL.parse(server)?.protocol ?? ''))
    throw new TitianError('config-invalid', 'ALERT_SMTP is no smtp or smtps address')
  if (server !== undefined && (from === undefined || to === undefined))
    throw new TitianError('config-invalid', 'ALERT_SMTP is set: name ALERT_FROM and ALERT_TO, too')
  return [
    ...(webhook === undefined ? [] : [webhookWay(webhook, proxyFor(webhook, config))]),
    ...(server === undefined ? [] : [mailWay(server, { from: from ?? '', to: to ?? '' })]),
  ]
}
