import type { LoggedMessage, Webhook } from '../../../notify/webhook.ts'
import { type Html, html } from '../../../web/html.ts'
import { count, link, moment, type View } from '../../../web/page.ts'
import { sayWebhook, type WebhookWord } from './words.ts'

export const WEBHOOKS_PATH = '/console/webhooks'

/** What the page shows: a page of webhooks, and the log of one of them if it is chosen. */
export type ShownWebhooks = {
  /** The platform whose webhooks alone are shown; undefined: all. */
  platform: string | undefined
  platforms: readonly string[]
  webhooks: readonly Webhook[]
  next: string | null
  chosen: { webhook: Webhook; messages: readonly LoggedMessage[]; next: string | null; today: string } | undefined
}

const STATES = {
  due: 'messageDue',
  delivered: 'messageDelivered',
  failed: 'messageFailed',
} as const satisfies Record<LoggedMessage['state'], WebhookWord>

/** Webhooks of the platforms and how they fare; of one its messages, and a form that sends events again. */
export function webhooksBody(view: View, { platform, platforms, webhooks, next, chosen }: ShownWebhooks): Html {
  const t = (word: WebhookWord) => sayWebhook(view, word)
  const tab = (name: string | undefined) =>
    html`<li><a href="${link(view, WEBHOOKS_PATH, name === undefined ? {} : { platform: name })}"${
      name === platform ? html` aria-current="page"` : undefined
    }>${name ?? t('allPlatforms')}</a></li>`
  return html`<p class="lead">${t('webhooksLead')}</p>
<ul class="tabs">${[undefined, ...platforms].map(tab)}</ul>
<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('webhook')}</th><th scope="col">${t('state')}</th><th scope="col">${t('arrivedLast')}</th>
<th scope="col" class="number">${t('failuresInARow')}</th><th scope="col" class="number">${t('waiting')}</th><th scope="col" class="number">${t('givenUp')}</th></tr></thead>
<tbody>${webhooks.map((webhook) => rowOf(view, webhook, chosen?.webhook.id === webhook.id))}</tbody>
</table>${webhooks.length === 0 ? html`<p class="none">${t('noWebhooks')}</p>` : undefined}</div>
${next === null ? undefined : more(view, { ...(platform !== undefined && { platform }), after: next })}
${chosen === undefined ? undefined : logBody(view, chosen)}`
}

function rowOf(view: View, webhook: Webhook, isChosen: boolean): Html {
  const { platform, name, url, failures, due, failed } = webhook
  const number = (value: number) => html`<td class="number ${value === 0 ? 'quiet' : ''}">${count(view, value)}</td>`
  return html`<tr><th scope="row"><a href="${link(view, WEBHOOKS_PATH, { platform, name })}#log"${
    isChosen ? html` aria-current="true"` : undefined
  }>${platform} · ${name}</a><br><span class="quiet small wrap">${url}</span></th>
<td>${stateOf(view, webhook)}</td><td>${moment(view, webhook.deliveredAt)}</td>${number(failures)}${number(due)}${number(failed)}</tr>`
}

function stateOf(view: View, { disabledReason, restUntil }: Webhook): Html {
  if (disabledReason !== null)
    return html`<span class="against">${sayWebhook(view, disabledReason === 'gone' ? 'webhookGone' : 'webhookFailing')}</span>`
  if (restUntil !== null)
    return html`<span class="warn">${sayWebhook(view, 'webhookResting')} ${moment(view, restUntil)}</span>`
  return html`<span class="for">${sayWebhook(view, 'webhookEnabled')}</span>`
}

function logBody(view: View, { webhook, messages, next, today }: NonNullable<ShownWebhooks['chosen']>): Html {
  const t = (word: WebhookWord) => sayWebhook(view, word)
  const { platform, name, disabledAt } = webhook
  return html`<h2 id="log">${platform} · ${name}</h2>
${disabledAt === null ? replayForm(view, webhook, today) : undefined}
<div class="sheet wide" tabindex="0"><table>
<thead><tr><th scope="col">${t('message')}</th><th scope="col">${t('state')}</th><th scope="col" class="number">${t('attempts')}</th>
<th scope="col">${t('lastReason')}</th><th scope="col">${t('nextTry')}</th></tr></thead>
<tbody>${messages.map((message) => messageRow(view, message))}</tbody>
</table>${messages.length === 0 ? html`<p class="none">${t('noMessages')}</p>` : undefined}</div>
${next === null ? undefined : more(view, { platform, name, message: next }, '#log')}`
}

function messageRow(view: View, message: LoggedMessage): Html {
  const { event, type, occurredAt, state, attempts, result, status, triedAt, nextAt } = message
  const tone = { due: '', delivered: 'for', failed: 'against' }[state]
  // The state says what a status led to; without one the code says what failed, and is the same in both languages.
  const answer = status === null ? (result === null ? '–' : html`<code>${result}</code>`) : `HTTP ${status}`
  return html`<tr><th scope="row">${type}<br><span class="quiet small">${moment(view, occurredAt)} <code title="${event}">…${event.slice(-8)}</code></span></th>
<td class="${tone}">${sayWebhook(view, STATES[state])}</td><td class="number">${count(view, attempts)}</td>
<td>${answer}${triedAt === null ? undefined : html`<br><span class="quiet small">${moment(view, triedAt)}</span>`}</td><td>${moment(view, nextAt)}</td></tr>`
}

function replayForm(view: View, { platform, name }: Webhook, today: string): Html {
  const t = (word: WebhookWord) => sayWebhook(view, word)
  return html`<form class="sheet ask" method="post" action="${link(view, WEBHOOKS_PATH)}">
<input type="hidden" name="platform" value="${platform}"><input type="hidden" name="name" value="${name}">
<label>${t('fromDay')} <input type="date" name="from" value="${today}" max="${today}" required></label>
<label>${t('toDay')} <input type="date" name="to" value="${today}" max="${today}" required></label>
<button>${t('replay')}</button> <span class="quiet small">${t('replayNote')}</span></form>`
}

function more(view: View, query: Record<string, string>, anchor = ''): Html {
  return html`<p class="more"><a href="${link(view, WEBHOOKS_PATH, query)}${anchor}">${sayWebhook(view, 'more')} →</a></p>`
}
