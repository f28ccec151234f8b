import { createHash } from 'node:crypto'
import type { Language } from '../io/http/language.ts'
import { type Html, html } from './html.ts'
import { STYLE } from './style.ts'
import { WORDS, type Word } from './words.ts'

/** How a page is seen: by whom, in which language, and at which address. */
export type View = {
  language: Language
  /** Whether the address names the language, so that links go on naming it. */
  isChosen: boolean
  path: string
  /** The path of the gateway's public address; every link of a page begins with it. */
  basePath: string
  /** What else the address asks for, to be asked in the other language too. */
  query: Readonly<Record<string, string>>
  who: string | undefined
  /** What decisions of whoever looks are noted under. */
  by?: string
  /** Where a form signs them out. */
  signOut?: string
  sections: readonly Section[]
  /** Where the name of the program leads; else the console. */
  home?: string
  /** A script of ours that the page runs, if it runs one. */
  script?: string
}
/** A part of the pages: its name is a word of ours, or a text in the language of the view. */
export type Section = {
  path: string
  word: Word | { text: string }
  /** The name of the group that it stands in, where there are groups. */
  group?: string
  /** Another path whose pages belong to it. */
  also?: string
}

/** A style with this very hash and forms to this very site: nothing else is loaded, run or framed. */
export const POLICY = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The same for a page with a script of ours, which calls this very site: still nothing inline, and nothing from another host. */
export const SCRIPT_POLICY = `${POLICY}; script-src 'self'; connect-src 'self'`

/** A text of the console in the language of the view. */
export function say(view: Pick<View, 'language'>, word: Word): string {
  return WORDS[word][view.language]
}

/** The address of another page as a browser has to ask for it, in the language that was chosen. */
export function link(view: View, path: string, query: Record<string, string> = {}): string {
  return view.basePath + pathTo(view, path, query)
}

/** The same below the public address, for a `Location`: the server puts the path of that address before it. */
export function pathTo({ language, isChosen }: View, path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams({
    ...query,
    ...(isChosen && { lang: language }),
  }).toString()
  return search === '' ? path : `${path}?${search}`
}

/** A whole page as it is sent; a menu may have a row below its first. */
export function page(view: View, menu: { top: Html; below: Html | undefined }, title: string, body: Html): string {
  const t = (word: Word) => say(view, word)
  const other = view.language === 'id' ? 'en' : 'id'
  const { markup } = html`<!doctype html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Titian</title>
<link rel="icon" href="data:,">
<style>${{ markup: STYLE }}</style>
${view.script === undefined ? undefined : html`<script type="module" src="${view.basePath}${view.script}"></script>`}
</head>
<body>
<a class="skip" href="#isi">${t('skip')}</a>
<header><div class="bar">
<a class="brand" href="${link(view, view.home ?? '/console')}">Titian</a>
${menu.top}
${view.who === undefined ? undefined : html`<span class="who">${view.who}</span>`}
${view.signOut === undefined ? undefined : html`<form class="out" method="post" action="${link(view, view.signOut)}"><button>${t('signOut')}</button></form>`}
<a class="small" href="${view.basePath}${view.path}?${new URLSearchParams({ ...view.query, lang: other }).toString()}" hreflang="${other}" lang="${other}">${t('other')}</a>
</div>${menu.below}</header>
<main id="isi">
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`
  return markup
}

/** A moment in Indonesian western time, which the national offices keep. */
export function moment({ language }: Pick<View, 'language'>, at: Date | null): Html {
  if (at === null) return html`–`
  const text = new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'Asia/Jakarta',
  }).format(at)
  return html`<time datetime="${at.toISOString()}">${text} WIB</time>`
}

/** A day (ISO) as the language writes it. */
export function day({ language }: Pick<View, 'language'>, iso: string): string {
  const format = { dateStyle: 'medium', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(new Date(`${iso}T00:00:00Z`))
}

/** A count with the separators of the language. */
export function count({ language }: Pick<View, 'language'>, value: number): string {
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB').format(value)
}
