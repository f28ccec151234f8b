import { type Right, SCOPES } from './scopes.ts'

/** Who may call a route: holders of any of the scopes, or everybody, for a stated reason. */
export type Access = {
  scope?: Right | readonly Right[]
  /** A page of the console: for persons who signed in, and for no token. One that asks by itself (`watch`) keeps no session alive. */
  page?: true | 'watch'
  /** Who signed in at the portal may call it, by the cookie of the session. */
  session?: boolean
  /** Why the route is open to everybody. */
  public?: string
}

/** What a route demands: any one of these scopes, or `open`; `unsaid` when it states neither or contradicts itself. */
export function demandOf({ scope, public: reason }: Access): readonly Right[] | 'open' | 'unsaid' {
  const scopes = scope === undefined ? [] : typeof scope === 'string' ? [scope] : scope
  if (scopes.length > 0 === (reason !== undefined)) return 'unsaid'
  return reason === undefined ? scopes : 'open'
}

/** The access of a route that a foreign plugin makes, by the longest of these URL prefixes that it is under. */
export function accessUnder(prefixes: Readonly<Record<string, Access>>, url: string): Access | undefined {
  return Object.entries(prefixes)
    .filter(([prefix]) => url === prefix || url.startsWith(`${prefix}/`))
    .sort(([a], [b]) => b.length - a.length)[0]?.[1]
}

/**
 * What OpenAPI says about tokens: the components that `security` of every route refers to. `basePath` is the path of the
 * public address.
 */
export function securitySchemes(basePath: string) {
  return {
    oauth: {
      type: 'oauth2',
      flows: {
        clientCredentials: {
          tokenUrl: `${basePath}/oauth/token`,
          scopes: Object.fromEntries(Object.entries(SCOPES).map(([name, { en }]) => [name, en])),
        },
      },
    },
  } as const
}
