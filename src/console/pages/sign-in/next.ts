const PAGE = /^\/(console|docs)(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*\/?$/

/** Where a person wanted to go before they were asked who they are: a page of this very site, or nowhere in particular. */
export function nextOf(text: string | string[] | undefined): { next?: string } {
  return typeof text === 'string' && text.length <= 200 && PAGE.test(text) ? { next: text } : {}
}
