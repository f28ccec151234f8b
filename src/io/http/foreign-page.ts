/**
 * What a page of a foreign plugin may do (API docs, Bull Board): its own scripts and nothing inline of them, styles as they come,
 * nothing from another host, no frame around it.
 */
export const FOREIGN_PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')
